// The name of a project, what it is known by, and its end.
import { useMutation, useQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { hooksOf } from "../../api/queries/hooks.ts";
import { deleteProject, type Project, renameProject } from "../../api/queries/projects.ts";
import { projectOf } from "../../api/queries/session.ts";
import { Button } from "../../parts/button.tsx";
import { Id } from "../../parts/copy.tsx";
import { ConfirmDialog } from "../../parts/dialog.tsx";
import { TextField } from "../../parts/field.tsx";
import { Time } from "../../parts/figures.tsx";
import { Form, SaveBar, useForm } from "../../parts/form.tsx";
import { plural } from "../../parts/format.ts";
import { Facts, Page, Section } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ProjectSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";

const route = getRouteApi("/frame/p/$project/settings/general");

export function GeneralSettings() {
  const { project } = route.useParams();
  const query = useQuery(projectOf(project));
  return (
    <Page title="Project settings" tabs={<ProjectSettingsTabs />}>
      <Answer query={query} what="the project" skeleton={<Skeleton kind="form" rows={3} />}>
        {(data) => (
          <>
            <Name project={data} />
            <Facts
              facts={[
                ["Id", <Id key="id">{data.id}</Id>],
                ["Environments", data.environments.join(", ")],
                ["Created", <Time key="created" at={data.createdAt} as="exact" />],
              ]}
            />
            <End project={data} />
          </>
        )}
      </Answer>
    </Page>
  );
}

const NAMES = { name: "Name" };

function Name({ project }: { project: Project }) {
  const whyNot = useRights().why("project:manage");
  const form = useForm({ name: project.name });
  const rename = useMutation({
    mutationFn: () => renameProject(project.id, form.value.name.trim()),
    onSuccess: () => {
      form.reset();
      say("The project is renamed.");
    },
  });
  return (
    <Form label="Name of the project" error={rename.error} onSubmit={() => rename.mutate()}>
      <TextField
        name="name"
        label={NAMES.name}
        value={form.value.name}
        onChange={(name) => form.set("name", name)}
        isRequired
        maxLength={100}
        autoComplete="off"
        hint="What people see. The id, which is in tokens, addresses and logs, stays."
      />
      <SaveBar form={form} names={NAMES} action="Rename the project" isSaving={rename.isPending} whyNot={whyNot} />
    </Form>
  );
}

function End({ project }: { project: Project }) {
  const navigate = useNavigate();
  const whyNot = useRights().why("server:manage");
  const [isOpen, setOpen] = useState(false);
  const hooks = useQuery({ ...hooksOf(project.id), enabled: isOpen });
  const remove = async () => {
    await deleteProject(project.id);
    say(`The project ${project.name} is being deleted.`);
    await navigate({ to: "/" });
  };
  return (
    <Section
      title="Delete the project"
      lead="With all environments, users, hooks, settings, databases and its part of the audit log."
    >
      <div>
        <Button kind="danger" whyNot={whyNot} onPress={() => setOpen(true)}>
          Delete the project…
        </Button>
      </div>
      <ConfirmDialog
        title={`Delete the project ${project.name}?`}
        consequence={
          <>
            <p>
              {plural(project.environments.length, "environment goes", "environments go")} with it:{" "}
              {project.environments.join(", ")}
              {hooks.data && `, and ${plural(hooks.data.hooks.length, "hook")} with all versions`}. All their users,
              hooks, settings, databases and audit logs are deleted, and their keys and tokens stop working at once.
            </p>
            <p>It cannot be undone. The id can be used again after about two minutes.</p>
          </>
        }
        action="Delete the project"
        typed={project.id}
        isOpen={isOpen}
        onClose={() => setOpen(false)}
        onConfirm={remove}
      />
    </Section>
  );
}

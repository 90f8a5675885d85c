// Creating a project: its keys are shown once, with the request that tries them and the one thing to do next.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import type { ProjectKeys } from "../../../../docs/openapi.d.ts";
import { ADMIN, api, cache, ok } from "../../api/client.ts";
import { currentAdmin, projects } from "../../api/queries/session.ts";
import { Button } from "../../parts/button.tsx";
import { CodeBlock } from "../../parts/code.tsx";
import { Id } from "../../parts/copy.tsx";
import { TextField } from "../../parts/field.tsx";
import { Form, FormActions } from "../../parts/form.tsx";
import { ButtonLink, Link } from "../../parts/link.tsx";
import { Facts, Page, Section } from "../../parts/page.tsx";
import { signUpRequest } from "../overview/first_request.ts";

export function NewProject() {
  const [made, setMade] = useState<ProjectKeys | null>(null);
  return made ? <Made keys={made} /> : <NewForm onMade={setMade} />;
}

function NewForm({ onMade }: { onMade: (keys: ProjectKeys) => void }) {
  const [name, setName] = useState("");
  const [id, setId] = useState<string | null>(null);
  const [environment, setEnvironment] = useState("development");
  const shownId = id ?? idOf(name);
  const create = useMutation({
    mutationFn: () =>
      ok(api.POST(`${ADMIN}/projects`, { body: { id: shownId, name: name.trim() || shownId, environment } })),
    onSuccess: async (keys) => {
      onMade(keys);
      await Promise.all([projects, currentAdmin].map(({ queryKey }) => cache.invalidateQueries({ queryKey })));
    },
  });
  return (
    <Page
      title="Create a project"
      width="form"
      back={<Link to="/">Projects</Link>}
      lead="A project has users, hooks and keys of its own. Nothing of one is seen from another."
    >
      <Form error={create.error} onSubmit={() => create.mutate()}>
        <TextField
          name="name"
          label="Name"
          value={name}
          onChange={setName}
          isRequired
          autoFocus
          maxLength={100}
          autoComplete="off"
        />
        <TextField
          name="id"
          label="Id"
          hint="In addresses and in tokens; it cannot be changed later. Small letters, digits and dashes."
          value={shownId}
          onChange={setId}
          mono
          isRequired
          maxLength={63}
          autoComplete="off"
        />
        <TextField
          name="environment"
          label="First environment"
          hint="Others, such as production, can be added at any time."
          value={environment}
          onChange={setEnvironment}
          mono
          isRequired
          maxLength={63}
          autoComplete="off"
        />
        <FormActions>
          <Button
            kind="primary"
            type="submit"
            isPending={create.isPending}
            whyNot={shownId ? undefined : "Give it a name first"}
          >
            Create the project
          </Button>
        </FormActions>
      </Form>
    </Page>
  );
}

/** A name as an id: letters without their marks, the rest as dashes. */
export function idOf(name: string): string {
  return name
    .normalize("NFKD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 63);
}

function Made({ keys }: { keys: ProjectKeys }) {
  const params = { project: keys.project_id, environment: keys.environment };
  return (
    <Page
      title={`${keys.project_id} is ready`}
      width="form"
      lead="The secret key is shown only here. Keep it where your servers find it: whoever has it can do everything in this environment."
      actions={
        <ButtonLink to="/p/$project/$environment" params={params} kind="primary">
          Continue to the first hook
        </ButtonLink>
      }
    >
      <Facts
        facts={[
          ["Environment", keys.environment],
          [
            "Publishable key",
            <Id key="publishable" label="Copy the publishable key">
              {keys.publishable_key}
            </Id>,
          ],
          [
            "Secret key",
            <Id key="secret" label="Copy the secret key">
              {keys.secret_key}
            </Id>,
          ],
        ]}
      />
      <Section title="Try it" lead="This signs up a first user.">
        <CodeBlock code={signUpRequest(keys.publishable_key)} label="The request" isWrapped />
      </Section>
    </Page>
  );
}

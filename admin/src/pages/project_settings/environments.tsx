// The environments of a project: a new one with its keys, another name for one, and the end of one.
import { useQueries, useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { type Environment, environment, type ProjectKeys } from "../../api/queries/projects.ts";
import { projectOf } from "../../api/queries/session.ts";
import { Button } from "../../parts/button.tsx";
import { Time } from "../../parts/figures.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Menu } from "../../parts/menu.tsx";
import { Page } from "../../parts/page.tsx";
import { useRights } from "../../parts/rights.ts";
import { ProjectSettingsTabs } from "../../parts/settings_tabs.tsx";
import { ShownOnce } from "../../parts/shown_once.tsx";
import { Answer, Skeleton } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import { CreateEnvironment } from "./parts/create_environment.tsx";
import { DeleteEnvironment } from "./parts/delete_environment.tsx";
import { PublishableKey } from "./parts/publishable_key.tsx";
import { RenameEnvironment } from "./parts/rename_environment.tsx";

const route = getRouteApi("/frame/p/$project/settings/environments");

/** Until it is read, an environment has its name alone. */
type Row = { name: string; read: Environment | undefined };
type Open = { kind: "create" } | { kind: "rename" | "delete"; row: Row } | null;

export function Environments() {
  const { project } = route.useParams();
  const rights = useRights();
  const query = useQuery(projectOf(project));
  const names = query.data?.environments ?? [];
  const read = useQueries({ queries: names.map((name) => environment({ project, environment: name })) });
  const [open, setOpen] = useState<Open>(null);
  const [made, setMade] = useState<ProjectKeys | null>(null);
  const close = () => setOpen(null);
  const rows = names.map((name, index) => ({ name, read: read[index]?.data }));
  const create = (
    <Button kind="primary" icon="plus" whyNot={rights.why("server:manage")} onPress={() => setOpen({ kind: "create" })}>
      Create an environment
    </Button>
  );
  return (
    <Page title="Environments" actions={create} tabs={<ProjectSettingsTabs />}>
      <Lead>Each has its own users, settings, keys, database and live hooks. Hooks and their versions are shared.</Lead>
      <Answer query={query} what="the environments" skeleton={<Skeleton rows={2} />}>
        {() => (
          <Table
            label="Environments"
            rows={rows}
            rowKey={(row) => row.name}
            open={(row) => ({ to: "/p/$project/$environment", params: { project, environment: row.name } })}
            columns={columns({
              whyNotRename: rights.why("project:manage"),
              whyNotDelete:
                rights.why("server:manage") ??
                (names.length === 1 ? "The last environment cannot be deleted: delete the project" : undefined),
              open: setOpen,
            })}
          />
        )}
      </Answer>
      <CreateEnvironment
        project={project}
        isOpen={open?.kind === "create"}
        onClose={close}
        onMade={(keys) => {
          close();
          setMade(keys);
        }}
      />
      {open?.kind === "rename" && (
        <RenameEnvironment
          place={{ project, environment: open.row.name }}
          displayName={open.row.read?.displayName ?? open.row.name}
          onClose={close}
        />
      )}
      {open?.kind === "delete" && <DeleteEnvironment place={{ project, environment: open.row.name }} onClose={close} />}
      <ShownOnce
        title={`Environment ${made?.environment ?? ""} created`}
        what="secret key"
        value={made?.secret_key ?? null}
        onClose={() => setMade(null)}
      >
        {made && <PublishableKey value={made.publishable_key} />}
      </ShownOnce>
    </Page>
  );
}

type Acts = {
  whyNotRename: string | undefined;
  whyNotDelete: string | undefined;
  open: (what: Open) => void;
};

function columns({ whyNotRename, whyNotDelete, open }: Acts): Column<Row>[] {
  return [
    { key: "name", title: "Name", phone: "main", cell: (row) => row.name },
    { key: "display", title: "Display name", phone: "second", cell: (row) => row.read?.displayName },
    {
      key: "created",
      title: "Created",
      width: "160px",
      phone: "hidden",
      cell: (row) => <Time at={row.read?.createdAt} />,
    },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "60px",
      align: "end",
      phone: "side",
      cell: (row) => (
        <Menu
          label={`Actions for ${row.name}`}
          small
          items={[
            {
              id: "rename",
              title: "Rename…",
              icon: "edit",
              whyNot: whyNotRename,
              onAction: () => open({ kind: "rename", row }),
            },
            {
              id: "delete",
              title: "Delete…",
              icon: "trash",
              isDanger: true,
              whyNot: whyNotDelete,
              onAction: () => open({ kind: "delete", row }),
            },
          ]}
        />
      ),
    },
  ];
}

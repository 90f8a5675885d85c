// The projects that somebody sees, each with its environments.
import { useQuery } from "@tanstack/react-query";
import { linkOptions } from "@tanstack/react-router";
import type { Project } from "../../../../docs/openapi.d.ts";
import { projects } from "../../api/queries/session.ts";
import { Time } from "../../parts/figures.tsx";
import { ButtonLink, Link } from "../../parts/link.tsx";
import { Page } from "../../parts/page.tsx";
import { isProduction } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { Answer, Empty } from "../../parts/states.tsx";
import { type Column, Table } from "../../parts/table.tsx";
import styles from "./projects.module.css";

export function Projects() {
  const query = useQuery(projects);
  const rights = useRights();
  const create = (
    <ButtonLink to="/new" kind="primary" icon="plus">
      Create a project
    </ButtonLink>
  );
  return (
    <Page title="Projects" actions={rights.isAdministrator && create}>
      <Answer
        query={query}
        what="the projects"
        isEmpty={(data) => data.projects.length === 0}
        empty={
          rights.isAdministrator ? (
            <Empty
              sentence="No project yet. A project has users, hooks and keys of its own, in one or more environments."
              action={create}
            />
          ) : (
            <Empty sentence="You have no role in a project yet. An owner of one can add you as a member." />
          )
        }
      >
        {(data) => (
          <Table
            label="Projects"
            columns={columns}
            rows={data.projects}
            rowKey={(project) => project.id}
            open={openFirst}
          />
        )}
      </Answer>
    </Page>
  );
}

function openFirst(project: Project) {
  const [environment] = project.environments;
  if (environment) return linkOptions({ to: "/p/$project/$environment", params: { project: project.id, environment } });
  return linkOptions({ to: "/p/$project/settings/environments", params: { project: project.id } });
}

const columns: Column<Project>[] = [
  { key: "name", title: "Project", width: "28%", cell: (project) => project.name },
  { key: "id", title: "Id", width: "18%", cell: (project) => <code>{project.id}</code>, phone: "side" },
  {
    key: "environments",
    title: "Environments",
    cell: (project) => (
      <span className={styles.environments}>
        {project.environments.map((environment) => (
          <Link
            key={environment}
            to="/p/$project/$environment"
            params={{ project: project.id, environment }}
            className={isProduction(environment) ? (styles.production ?? "") : ""}
          >
            {environment}
          </Link>
        ))}
      </span>
    ),
  },
  { key: "created", title: "Created", width: "140px", cell: (project) => <Time at={project.createdAt} /> },
];

// What is changed of projects and their environments.
import { queryOptions } from "@tanstack/react-query";
import type { Environment, Project, ProjectKeys } from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place, PROJECT } from "../client.ts";
import { projects } from "./session.ts";

export type { Environment, Project, ProjectKeys };

const at = (project: string) => ({ path: { project } });

export async function renameProject(project: string, name: string): Promise<void> {
  await ok(api.PATCH(PROJECT, { params: at(project), body: { name } }));
  await stale(project);
}

/** Everything of it is deleted in the background. */
export async function deleteProject(project: string): Promise<void> {
  await ok(api.DELETE(PROJECT, { params: at(project), body: { confirm: project } }));
  cache.removeQueries({ queryKey: [project] });
  await cache.invalidateQueries({ queryKey: projects.queryKey });
}

export const environment = (place: Place) =>
  queryOptions({
    queryKey: [place.project, place.environment, "environment"],
    queryFn: ({ signal }) => ok(api.GET(ENVIRONMENT, { params: { path: place }, signal })),
  });

/** With keys of its own: the secret one is in this answer alone. */
export async function createEnvironment(project: string, name: string): Promise<ProjectKeys> {
  const made = await ok(api.POST(`${PROJECT}/environments`, { params: at(project), body: { name } }));
  await stale(project);
  return made;
}

export async function renameEnvironment(place: Place, displayName: string): Promise<void> {
  await ok(api.PATCH(ENVIRONMENT, { params: { path: place }, body: { displayName } }));
  await stale(place.project);
}

export async function deleteEnvironment(place: Place): Promise<void> {
  await ok(api.DELETE(ENVIRONMENT, { params: { path: place }, body: { confirm: place.environment } }));
  await stale(place.project);
}

async function stale(project: string): Promise<void> {
  await Promise.all([
    cache.invalidateQueries({ queryKey: [project] }),
    cache.invalidateQueries({ queryKey: projects.queryKey }),
  ]);
}

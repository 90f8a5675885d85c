// Who is signed in, what they may do, and the project they look at.
import { queryOptions } from "@tanstack/react-query";
import { ADMIN, api, ok, PROJECT } from "../client.ts";
import { keepCsrfToken } from "../session.ts";

export const currentAdmin = queryOptions({
  queryKey: ["@session"],
  queryFn: async ({ signal }) => {
    const admin = await ok(api.GET(`${ADMIN}/session`, { signal }));
    keepCsrfToken(admin.csrfToken);
    return admin;
  },
  staleTime: 60_000,
});

export const projects = queryOptions({
  queryKey: ["@projects"],
  queryFn: ({ signal }) => ok(api.GET(`${ADMIN}/projects`, { signal })),
  staleTime: 30_000,
});

export const projectOf = (project: string) =>
  queryOptions({
    queryKey: [project, "@project"],
    queryFn: ({ signal }) => ok(api.GET(PROJECT, { params: { path: { project } }, signal })),
    staleTime: 30_000,
  });

// The tree of routes, and the router. Which page has which address is said in `routes/`, one file for each group of pages.
import { createRouter } from "@tanstack/react-router";
import { cache } from "./api/client.ts";
import { formatSearch, parseSearch } from "./parts/search.ts";
import { environment, frame, project, root } from "./routes/base.tsx";
import { dataRoutes, projectSettingsRoutes, serverSettingsRoutes } from "./routes/data.tsx";
import { entryRoutes, overviewRoute, ownRoutes } from "./routes/entry.tsx";
import { hook, hookRoutes } from "./routes/hook.tsx";
import { trafficRoutes } from "./routes/traffic.tsx";

const tree = root.addChildren([
  ...entryRoutes,
  frame.addChildren([
    ...ownRoutes,
    ...serverSettingsRoutes,
    project.addChildren([
      ...projectSettingsRoutes,
      environment.addChildren([overviewRoute, hook.addChildren([...hookRoutes]), ...trafficRoutes, ...dataRoutes]),
    ]),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: "/admin",
  context: { cache },
  parseSearch,
  stringifySearch: formatSearch,
  defaultPreload: "intent",
  defaultPreloadStaleTime: 0,
  scrollRestoration: true,
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}

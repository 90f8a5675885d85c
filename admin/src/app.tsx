// What every page is in: the cache of answers, the router, and what happens when a session ends.
import { QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { cache } from "./api/client.ts";
import { onSignedOut } from "./api/session.ts";
import { router } from "./routes.tsx";

onSignedOut(() => {
  const { location } = router.state;
  cache.clear();
  if (location.pathname.startsWith("/sign-in")) return;
  void router.navigate({ to: "/sign-in", search: { to: location.href } });
});

export function App() {
  return (
    <QueryClientProvider client={cache}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}

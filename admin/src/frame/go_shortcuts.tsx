// `g` and a letter leads to a page, from everywhere.
import { useParams, useRouter } from "@tanstack/react-router";
import { useEffect } from "react";
import { register } from "../parts/shortcuts.ts";
import { destinationsIn, ownDestinations } from "./places.ts";

export function GoShortcuts({ isAdministrator }: { isAdministrator: boolean }) {
  const { project, environment } = useParams({ strict: false });
  const router = useRouter();
  useEffect(() => {
    const here =
      project && environment ? destinationsIn({ project, environment }).flatMap((group) => group.destinations) : [];
    const leaves = [...ownDestinations(isAdministrator), ...here].flatMap(({ key, title, target }) =>
      key
        ? [register({ keys: `g ${key}`, title, group: "Go to", run: () => void router.navigate(target as never) })]
        : [],
    );
    return () => {
      for (const leave of leaves) leave();
    };
  }, [project, environment, isAdministrator, router]);
  return null;
}

// Whether the page is too narrow for two things side by side.
import { useSyncExternalStore } from "react";

const NARROW = window.matchMedia("(max-width: 700px)");

export function useIsPhone(): boolean {
  return useSyncExternalStore(
    (tell) => {
      NARROW.addEventListener("change", tell);
      return () => NARROW.removeEventListener("change", tell);
    },
    () => NARROW.matches,
  );
}

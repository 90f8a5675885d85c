// Where a page is: the project and the environment of its address.
import { useParams } from "@tanstack/react-router";
import type { Place } from "../api/client.ts";

/** The project and the environment; only for pages below /p/$project/$environment. */
export function usePlace(): Place {
  const { project = "", environment = "" } = useParams({ strict: false });
  return { project, environment };
}

export type Environment = { name: string; isProduction: boolean };

/** The environment, for `ConfirmDialog` and for what is said of production. */
export function useEnvironment(): Environment {
  const { environment } = usePlace();
  return { name: environment, isProduction: isProduction(environment) };
}

/** Environments have names of one's own choice: those that say production are guarded as production. */
export function isProduction(environment: string): boolean {
  return /^(prod|production|live)(-|$)/.test(environment);
}

// The hooks of a project and what is live of them in one environment, joined; and which of them a filter leaves.
import type { HookSummary, LiveHook } from "../../../../../docs/openapi.d.ts";

export type HookRow = {
  name: string;
  newest: number | null;
  draft: HookSummary["draft"];
  live: LiveHook | null;
  /** Versions that are live in other environments. */
  elsewhere: { environment: string; number: number }[];
};

export function rowsOf(hooks: readonly HookSummary[], live: readonly LiveHook[], environment: string): HookRow[] {
  return hooks.map((hook) => ({
    name: hook.name,
    newest: hook.newest,
    draft: hook.draft,
    live: live.find((one) => one.name === hook.name) ?? null,
    elsewhere: hook.live.filter((one) => one.environment !== environment),
  }));
}

export type Show = "live" | "disabled" | "draft" | "none" | undefined;

export function matching(rows: readonly HookRow[], text: string | undefined, show: Show): HookRow[] {
  const words = (text ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  return rows.filter((row) => isShown(row, show) && words.every((word) => textOf(row).includes(word)));
}

function isShown(row: HookRow, show: Show): boolean {
  switch (show) {
    case "live":
      return row.live?.state === "enabled";
    case "disabled":
      return row.live?.state === "disabled";
    case "draft":
      return row.draft !== null;
    case "none":
      return row.live === null;
    default:
      return true;
  }
}

/** What it runs at, in this environment. */
export function placesOf(row: HookRow): string[] {
  return row.live ? [...row.live.hooks, ...row.live.events] : [];
}

function textOf(row: HookRow): string {
  return [row.name, ...placesOf(row)].join(" ").toLowerCase();
}

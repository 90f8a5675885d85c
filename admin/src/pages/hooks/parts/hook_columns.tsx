// The columns of the list of hooks, and the switch that enables or disables one.
import { Time } from "../../../parts/figures.tsx";
import { percentage } from "../../../parts/format.ts";
import { Status } from "../../../parts/outcome.tsx";
import { usePlace } from "../../../parts/place.ts";
import type { Column } from "../../../parts/table.tsx";
import { Tag } from "../../../parts/tag.tsx";
import { CodeSummaryLine } from "../../hook/parts/code_summary.tsx";
import styles from "./hook_columns.module.css";
import { HookMenu } from "./hook_menu.tsx";
import { type HookRow, placesOf } from "./rows.ts";

/** With the other environments in which some are live. */
export function columnsFor(rows: readonly HookRow[]): Column<HookRow>[] {
  const isElsewhere = rows.some((row) => row.elsewhere.length > 0);
  return isElsewhere ? COLUMNS : COLUMNS.filter(({ key }) => key !== "elsewhere");
}

const COLUMNS: Column<HookRow>[] = [
  {
    key: "name",
    title: "Hook",
    width: "190px",
    phone: "main",
    cell: (one) => <span className={styles.name}>{one.name}</span>,
  },
  { key: "state", title: "Live here", width: "170px", phone: "side", cell: (one) => <Here of={one} /> },
  { key: "does", title: "What it does", phone: "second", cell: (one) => <Does of={one} /> },
  {
    key: "draft",
    title: "Draft",
    width: "160px",
    phone: "second",
    cell: (one) =>
      one.draft && (
        <span title={`Revision ${one.draft.revision}`}>
          <Tag tone="patch">draft</Tag> <Time at={one.draft.updatedAt} />
        </span>
      ),
  },
  { key: "elsewhere", title: "Elsewhere", width: "120px", phone: "hidden", cell: (one) => said(one) },
  {
    key: "acts",
    title: "Actions",
    isTitleHidden: true,
    width: "52px",
    align: "end",
    phone: "side",
    cell: (one) => <HookMenu of={one} />,
  },
];

/** In a sentence; where it runs, until that is known. */
function Does({ of }: { of: HookRow }) {
  const { project } = usePlace();
  const number = of.live?.number ?? of.newest;
  const places = <span className={styles.places}>{placesOf(of).join(", ")}</span>;
  const code = number !== null ? { version: number } : of.draft && { revision: of.draft.revision };
  return code ? <CodeSummaryLine id={{ project, hook: of.name }} of={code} instead={places} /> : places;
}

function Here({ of }: { of: HookRow }) {
  if (!of.live) return <span className={styles.dim}>{of.newest ? "not live" : "no version yet"}</span>;
  const { state, breaker, number, problem, rollout } = of.live;
  return (
    <span className={styles.here}>
      {problem ? (
        <Status of="failing" word="cannot run" />
      ) : breaker === "open" || breaker === "half-open" ? (
        <Status of={breaker} />
      ) : (
        <Status of={state} />
      )}
      <span className={styles.dim}>v{number}</span>
      {rollout && (
        <Tag
          tone={rollout.kind === "canary" ? "deny" : "patch"}
          title={`A ${rollout.kind} of version ${rollout.version}, ${percentage(rollout.share)}`}
        >
          {rollout.kind} v{rollout.version}
        </Tag>
      )}
    </span>
  );
}

function said(of: HookRow): string {
  return of.elsewhere.map((one) => `${one.environment} v${one.number}`).join(", ");
}

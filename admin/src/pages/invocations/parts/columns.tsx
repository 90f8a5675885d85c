// The columns of lists of invocations.
import type { Invocation } from "../../../api/queries/invocations.ts";
import { Duration, Fuel, Time } from "../../../parts/figures.tsx";
import { Outcome } from "../../../parts/outcome.tsx";
import { PlainText } from "../../../parts/plain_text.tsx";
import type { Column } from "../../../parts/table.tsx";
import { Tag } from "../../../parts/tag.tsx";
import styles from "./columns.module.css";
import { gist } from "./gist.ts";

export type ColumnKey = "at" | "outcome" | "hook" | "point" | "gist" | "duration" | "fuel";
type Keyed = Column<Invocation> & { key: ColumnKey };

export const COLUMNS: readonly Keyed[] = [
  { key: "at", title: "Time", width: "132px", phone: "main", cell: (one) => <Time at={one.createdAt} as="stamp" /> },
  { key: "outcome", title: "Outcome", width: "126px", phone: "side", cell: (one) => <Outcome of={one.outcome} /> },
  {
    key: "hook",
    title: "Hook",
    width: "160px",
    phone: "second",
    cell: (one) => (
      <span className={styles.hook} title={`${one.hook}, version ${one.version}`}>
        {one.hook} <span className={styles.version}>v{one.version}</span>{" "}
        {one.mode !== "live" && <Tag tone={one.mode === "canary" ? "deny" : "patch"}>{one.mode}</Tag>}
      </span>
    ),
  },
  {
    key: "point",
    title: "Called for",
    width: "150px",
    phone: "second",
    cell: (one) => <span className={styles.code}>{one.point}</span>,
  },
  {
    key: "gist",
    title: "What it said",
    phone: "second",
    cell: (one) => {
      const said = gist(one);
      return said && <PlainText>{said}</PlainText>;
    },
  },
  {
    key: "duration",
    title: "Time taken",
    width: "96px",
    align: "end",
    phone: "hidden",
    cell: (one) => <Duration us={one.durationUs} />,
  },
  { key: "fuel", title: "Fuel", width: "84px", align: "end", phone: "hidden", cell: (one) => <Fuel n={one.fuel} /> },
];

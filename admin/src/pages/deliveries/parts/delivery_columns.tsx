// The columns of lists of deliveries: of one endpoint, and of all.
import type { Delivery } from "../../../api/queries/deliveries.ts";
import { Time } from "../../../parts/figures.tsx";
import { Status } from "../../../parts/outcome.tsx";
import type { Column } from "../../../parts/table.tsx";
import { Countdown } from "./countdown.tsx";
import styles from "./delivery.module.css";

/** Attempts before the server gives up: one, and seven more after growing waits. */
export const MOST_ATTEMPTS = 8;

export const DELIVERY_COLUMNS: Column<Delivery>[] = [
  { key: "type", title: "Event", phone: "main", cell: (one) => <span className={styles.code}>{one.type}</span> },
  { key: "state", title: "State", width: "130px", phone: "side", cell: (one) => <Status of={one.state} /> },
  {
    key: "attempts",
    title: "Attempts",
    width: "110px",
    phone: "second",
    align: "end",
    cell: (one) => (
      <>
        {one.attempts} of {MOST_ATTEMPTS}
      </>
    ),
  },
  {
    key: "next",
    title: "Next attempt",
    width: "140px",
    phone: "second",
    cell: (one) => one.nextAttemptAt && <Countdown to={one.nextAttemptAt} />,
  },
  { key: "id", title: "Event id", phone: "hidden", cell: (one) => <span className={styles.code}>{one.event}</span> },
  { key: "at", title: "Created", width: "120px", phone: "second", cell: (one) => <Time at={one.createdAt} /> },
];

// The columns of lists of deliveries: of one endpoint, and of all.
import type { ListedDelivery } from "../../../api/queries/deliveries.ts";
import { Time } from "../../../parts/figures.tsx";
import { Status } from "../../../parts/outcome.tsx";
import type { Column } from "../../../parts/table.tsx";
import { Countdown } from "./countdown.tsx";
import styles from "./delivery.module.css";

/** Attempts before the server gives up: one, and seven more after growing waits. */
export const MOST_ATTEMPTS = 8;

export const DELIVERY_COLUMNS: Column<ListedDelivery>[] = [
  {
    key: "type",
    title: "Event",
    width: "22%",
    phone: "main",
    cell: (one) => <span className={styles.code}>{one.type}</span>,
  },
  { key: "state", title: "State", width: "110px", phone: "side", cell: (one) => <Status of={one.state} /> },
  {
    key: "endpoint",
    title: "Endpoint",
    phone: "second",
    cell: (one) => (
      <span className={styles.code} title={one.url}>
        {one.url}
      </span>
    ),
  },
  { key: "last", title: "Last response", phone: "second", cell: (one) => <Last of={one} /> },
  {
    key: "attempts",
    title: "Attempts",
    width: "84px",
    phone: "hidden",
    align: "end",
    cell: (one) => `${one.attempts} of ${MOST_ATTEMPTS}`,
  },
  {
    key: "next",
    title: "Next attempt",
    width: "116px",
    phone: "second",
    cell: (one) => one.nextAttemptAt && <Countdown to={one.nextAttemptAt} />,
  },
  { key: "at", title: "Created", width: "104px", phone: "second", cell: (one) => <Time at={one.createdAt} /> },
];

function Last({ of }: { of: ListedDelivery }) {
  const said = [of.lastStatus, of.lastError].filter((one) => one !== null).join(": ");
  return <span title={said || undefined}>{said}</span>;
}

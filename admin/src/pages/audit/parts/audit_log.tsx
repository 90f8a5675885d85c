// The audit log as a list with filters and a panel for one entry: the same for an environment and for the server.
import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../../../api/errors.ts";
import type { AuditEntry, AuditFilter } from "../../../api/queries/audit.ts";
import { serverMeta } from "../../../api/queries/meta.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Time } from "../../../parts/figures.tsx";
import type { Filter } from "../../../parts/filter_bar.tsx";
import { type Go, List } from "../../../parts/list.tsx";
import { Empty } from "../../../parts/states.tsx";
import type { Column } from "../../../parts/table.tsx";
import { ACTIONS, actionInWords } from "./entry.ts";
import { EntryDetails } from "./entry_details.tsx";

type Search = AuditFilter & { before?: string; entry?: string };
type Log = { audit: AuditEntry[]; next: string | null };

type Props = {
  query: UseQueryResult<Log, ApiError>;
  search: Search;
  /** Entries are of several projects: the table says of which. */
  isOfServer?: boolean;
  go: Go;
};

const OTHER_FILTERS = [
  { name: "actor", label: "Actor", kind: "text", placeholder: "account:acc_…" },
  { name: "target", label: "Target", kind: "text", placeholder: "An id or a name" },
  { name: "from", label: "From", kind: "moment" },
  { name: "to", label: "Until", kind: "moment" },
] as const;

/** Actions of this server; those that this page has no words for are called by their names. */
function actionFilter(actions: readonly string[]): Filter {
  const options = actions.map((value) => ({ value, title: actionInWords(value) }));
  return { name: "action", label: "Action", kind: "choice", options };
}

export function filterOf({ action, actor, target, from, to }: Search): AuditFilter {
  return {
    ...(action ? { action } : {}),
    ...(actor ? { actor } : {}),
    ...(target ? { target } : {}),
    ...(from ? { from } : {}),
    ...(to ? { to } : {}),
  };
}

export function AuditLog({ query, search, isOfServer = false, go }: Props) {
  const { data: meta } = useQuery(serverMeta);
  return (
    <List
      what="entries"
      label="Audit log"
      query={query}
      rowsOf={(page) => page.audit}
      columns={isOfServer ? [...COLUMNS, PLACE] : COLUMNS}
      filters={[actionFilter(meta?.auditActions ?? Object.keys(ACTIONS)), ...OTHER_FILTERS]}
      search={search}
      go={go}
      empty={<Empty sentence="Nothing has been recorded yet. Every change that an admin makes is." />}
      panel={{
        param: "entry",
        title: (entry) => (entry ? actionInWords(entry.action) : "Entry"),
        show: (_, entry) => entry && <EntryDetails entry={entry} />,
      }}
    />
  );
}

const COLUMNS: Column<AuditEntry>[] = [
  { key: "action", title: "Action", phone: "main", cell: (entry) => actionInWords(entry.action) },
  { key: "target", title: "Target", phone: "second", cell: (entry) => <code>{entry.target}</code> },
  { key: "actor", title: "By", phone: "second", cell: (entry) => <Actor of={entry.actor} email={entry.actorEmail} /> },
  { key: "time", title: "When", width: "128px", phone: "side", cell: (entry) => <Time at={entry.time} /> },
];

const PLACE: Column<AuditEntry> = {
  key: "place",
  title: "Where",
  width: "20%",
  phone: "second",
  cell: ({ project, environment }) => [project ?? "server", environment].filter(Boolean).join(" / "),
};

// The audit log as a list with filters and a panel for one entry: the same for an environment and for the server.

import { type UseQueryResult, useQuery } from "@tanstack/react-query";
import type { ApiError } from "../../../api/errors.ts";
import type { AuditEntry, AuditFilter } from "../../../api/queries/audit.ts";
import { serverMeta } from "../../../api/queries/meta.ts";
import { Actor } from "../../../parts/actor.tsx";
import { Time } from "../../../parts/figures.tsx";
import { type Filter, FilterBar } from "../../../parts/filter_bar.tsx";
import { useKeyset } from "../../../parts/keyset.ts";
import type { Target } from "../../../parts/link.tsx";
import { SidePanel } from "../../../parts/side_panel.tsx";
import { Answer, Empty, NoMatch, Skeleton } from "../../../parts/states.tsx";
import { type Column, Pager, Table } from "../../../parts/table.tsx";
import { ACTIONS, actionInWords } from "./entry.ts";
import { EntryDetails } from "./entry_details.tsx";

type Search = AuditFilter & { before?: string; entry?: string };
type Log = { audit: AuditEntry[]; next: string | null };

type Props = {
  query: UseQueryResult<Log, ApiError>;
  search: Search;
  /** Entries are of several projects: the table says of which. */
  isOfServer?: boolean;
  change: (change: Search) => void;
  open: (entry: string | undefined) => Target;
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

export function AuditLog({ query, search, isOfServer = false, change, open }: Props) {
  const filter = filterOf(search);
  const { data: meta } = useQuery(serverMeta);
  const pages = useKeyset(search.before, query.data?.next, JSON.stringify(filter), (before) => change({ before }));
  const isFiltered = Object.keys(filter).length > 0;
  const current = query.data?.audit.find((entry) => entry.id === search.entry);
  const clear = () =>
    change({
      action: undefined,
      actor: undefined,
      target: undefined,
      from: undefined,
      to: undefined,
      before: undefined,
    });
  return (
    <>
      <FilterBar
        filters={[actionFilter(meta?.auditActions ?? Object.keys(ACTIONS)), ...OTHER_FILTERS]}
        value={search}
        onChange={(patch) => change({ ...patch, before: undefined })}
      />
      <Answer
        query={query}
        what="the audit log"
        skeleton={<Skeleton rows={12} />}
        isEmpty={(log) => log.audit.length === 0}
        empty={
          isFiltered ? (
            <NoMatch what="entries" onClear={clear} />
          ) : (
            <Empty sentence="Nothing has been recorded yet. Every change that an admin makes is." />
          )
        }
      >
        {(log) => (
          <>
            <Table
              label="Audit log"
              rows={log.audit}
              rowKey={(entry) => entry.id}
              columns={isOfServer ? [...COLUMNS, PLACE] : COLUMNS}
              open={(entry) => open(entry.id)}
              currentKey={search.entry}
            />
            <Pager {...pages} shown={log.audit.length} />
          </>
        )}
      </Answer>
      {current && (
        <SidePanel title={actionInWords(current.action)} onClose={() => change({ entry: undefined })}>
          <EntryDetails entry={current} />
        </SidePanel>
      )}
    </>
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

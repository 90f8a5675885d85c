// The calls behind a number of a backtest: what was decided then and now, and why.
import { useQuery } from "@tanstack/react-query";
import type { Backtest, BacktestRow } from "../../../../../../docs/openapi.d.ts";
import { backtestRows, type RowFilter } from "../../../../api/queries/backtests.ts";
import { Time } from "../../../../parts/figures.tsx";
import { useKeyset } from "../../../../parts/keyset.ts";
import { Link } from "../../../../parts/link.tsx";
import { Status } from "../../../../parts/outcome.tsx";
import { PlainText } from "../../../../parts/plain_text.tsx";
import { Answer, NoMatch, Skeleton } from "../../../../parts/states.tsx";
import { type Column, Pager, Table } from "../../../../parts/table.tsx";
import { useHookPage } from "../../draft/draft_context.tsx";
import { trafficRoute } from "../../parts/hook_route.ts";
import styles from "../traffic.module.css";
import { MakeCaseButton } from "./make_case_button.tsx";

export function BacktestRows({ backtest }: { backtest: Backtest }) {
  const { place, id } = useHookPage();
  const { kind, from, to, after, target } = trafficRoute.useSearch();
  const navigate = trafficRoute.useNavigate();
  const filter: RowFilter = { ...(kind && { kind }), ...(from && { from }), ...(to && { to }) };
  // Rows come while it runs: the number of those that are done says when to look again.
  const query = useQuery(backtestRows(place, backtest.id, filter, after, backtest.done));
  const pages = useKeyset(
    after,
    query.data?.next,
    JSON.stringify([backtest.id, filter]),
    (cursor) => void navigate({ search: (now) => ({ ...now, after: cursor }), replace: true }),
  );
  const clear = () =>
    void navigate({ search: (now) => ({ ...now, kind: undefined, from: undefined, to: undefined }), replace: true });
  const columns: Column<BacktestRow>[] = [
    { key: "at", title: "Call", width: "150px", phone: "main", cell: (row) => <Time at={row.at} as="stamp" /> },
    { key: "kind", title: "What changes", width: "150px", phone: "side", cell: (row) => <Status of={row.kind} /> },
    { key: "point", title: "Called at", width: "150px", phone: "second", cell: (row) => <code>{row.point}</code> },
    { key: "sides", title: "Then → now", width: "150px", phone: "second", cell: (row) => `${row.from} → ${row.to}` },
    { key: "why", title: "Why", phone: "second", cell: (row) => <Why row={row} /> },
    {
      key: "acts",
      title: "Actions",
      isTitleHidden: true,
      width: "210px",
      align: "end",
      cell: (row) => (
        <span className={styles.rowActs}>
          <Link
            to="/p/$project/$environment/hooks/$hook/traffic"
            params={{ ...place, hook: id.hook }}
            search={{ rung: "replay", call: row.invocation, ...(target && { target }) }}
          >
            Replay
          </Link>
          <MakeCaseButton invocation={row.invocation} small />
        </span>
      ),
    },
  ];
  return (
    <Answer
      query={query}
      what="the calls"
      skeleton={<Skeleton rows={6} />}
      isEmpty={(page) => page.rows.length === 0}
      empty={Object.keys(filter).length > 0 ? <NoMatch what="calls" onClear={clear} /> : null}
    >
      {(page) => (
        <>
          <Table
            label="Calls of the backtest"
            rows={page.rows}
            rowKey={(row) => row.id}
            columns={columns}
            open={(row) => ({
              to: "/p/$project/$environment/calls/$invocation",
              params: { ...place, invocation: row.invocation },
            })}
          />
          <Pager {...pages} shown={page.rows.length} />
        </>
      )}
    </Answer>
  );
}

function Why({ row }: { row: BacktestRow }) {
  if (row.reason) return <PlainText>{row.reason.message}</PlainText>;
  if (row.divergesAt !== null) return <>asks something else at host call {row.divergesAt}</>;
  const { error } = row;
  const at = error?.file && error.line ? `${error.file}:${error.line} · ` : "";
  const said = row.message ?? error?.message ?? "";
  if (!row.code && !said) return <span className={styles.dim}>{row.verdict === "identical" ? "identical" : ""}</span>;
  return (
    <span>
      {at}
      {row.code && <code>{row.code}</code>} <PlainText>{said}</PlainText>
    </span>
  );
}

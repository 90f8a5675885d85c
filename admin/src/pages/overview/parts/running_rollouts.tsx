// Shadows and canaries that go on, with how far each is and the way to stop it.
import { useQuery } from "@tanstack/react-query";
import type { LiveHooks, Rollout, RunningRollout } from "../../../../../docs/openapi.d.ts";
import { rolloutsOf } from "../../../api/queries/rollouts.ts";
import { Time } from "../../../parts/figures.tsx";
import { percentage } from "../../../parts/format.ts";
import { Link } from "../../../parts/link.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { PlainText } from "../../../parts/plain_text.tsx";
import { type Column, Table } from "../../../parts/table.tsx";
import { StopRollout } from "../../hook/traffic/parts/stop_rollout.tsx";
import { verdictOf } from "../../hook/traffic/rollouts.ts";

type Row = { hook: string; running: RunningRollout; whole: Rollout | undefined };

/** Which go on is known from what is live: only then are figures asked for. */
export function RunningRollouts({ live }: { live: LiveHooks }) {
  const running = live.hooks.flatMap((hook) => (hook.rollout ? [{ hook: hook.name, running: hook.rollout }] : []));
  return running.length > 0 ? <List running={running} /> : null;
}

function List({ running }: { running: readonly Omit<Row, "whole">[] }) {
  const place = usePlace();
  const { data } = useQuery(rolloutsOf(place));
  const rows = running.map((one) => ({ ...one, whole: data?.rollouts.find(({ id }) => id === one.running.id) }));
  return (
    <Section title="Rollouts that go on">
      <Table label="Rollouts that go on" columns={COLUMNS} rows={rows} rowKey={(one) => one.running.id} />
    </Section>
  );
}

const COLUMNS: Column<Row>[] = [
  { key: "hook", title: "Hook", width: "190px", phone: "main", cell: (row) => <HookLink of={row} /> },
  { key: "kind", title: "What", width: "120px", phone: "side", cell: (row) => <Status of={row.running.kind} /> },
  {
    key: "share",
    title: "Version",
    width: "150px",
    phone: "second",
    cell: ({ running }) => `v${running.version}, ${percentage(running.share)}`,
  },
  {
    key: "said",
    title: "So far",
    phone: "second",
    cell: ({ whole }) => whole && <PlainText>{verdictOf(whole)}</PlainText>,
  },
  { key: "until", title: "Ends", width: "120px", phone: "second", cell: (row) => <Time at={row.running.until} /> },
  {
    key: "acts",
    title: "Actions",
    isTitleHidden: true,
    width: "190px",
    align: "end",
    phone: "second",
    cell: (row) => <StopRollout small hook={row.hook} of={row.running} />,
  },
];

function HookLink({ of }: { of: Row }) {
  const place = usePlace();
  return (
    <Link
      to="/p/$project/$environment/hooks/$hook/traffic"
      params={{ ...place, hook: of.hook }}
      search={{ rung: of.running.kind }}
    >
      {of.hook}
    </Link>
  );
}

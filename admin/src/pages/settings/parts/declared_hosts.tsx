// The hosts that live hooks declare, and whether the list that is being edited lets them through.
import { useQuery } from "@tanstack/react-query";
import { liveHooks } from "../../../api/queries/hooks.ts";
import { Mark } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { type Column, Table } from "../../../parts/table.tsx";
import { type Declared, declaredHosts } from "./hosts.ts";

export function DeclaredHosts({ allowed }: { allowed: readonly string[] }) {
  const { data } = useQuery(liveHooks(usePlace()));
  if (!data) return null;
  const hosts = declaredHosts(data.hooks, allowed);
  if (hosts.length === 0) return null;
  return (
    <Section title="Hosts that live hooks declare" lead="With the list as it is above.">
      <Table label="Hosts that live hooks declare" rows={hosts} rowKey={({ host }) => host} columns={COLUMNS} />
    </Section>
  );
}

const COLUMNS: Column<Declared>[] = [
  { key: "host", title: "Host", phone: "main", cell: ({ host }) => <code>{host}</code> },
  { key: "hooks", title: "Hooks", phone: "second", cell: ({ hooks }) => hooks.join(", ") },
  { key: "reach", title: "Requests", width: "128px", phone: "side", cell: ({ reach }) => REACH[reach] },
];

const REACH = {
  all: (
    <>
      <Mark tone="allow" shape="disc" /> allowed
    </>
  ),
  some: (
    <>
      <Mark tone="deny" shape="half" /> partly allowed
    </>
  ),
  none: (
    <>
      <Mark tone="deny" shape="square" /> refused
    </>
  ),
};

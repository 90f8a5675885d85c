// Two invocations beside each other: what they decided and cost, and where input, reply, log and host calls differ.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type InvocationDetail, invocation } from "../../../api/queries/invocations.ts";
import { Duration, Fuel, Time } from "../../../parts/figures.tsx";
import { Link } from "../../../parts/link.tsx";
import { Outcome } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import styles from "./comparison.module.css";
import { DifferenceList } from "./difference_list.tsx";

type Props = { left: InvocationDetail; right: string };

export function Comparison({ left, right }: Props) {
  const query = useQuery(invocation(usePlace(), right));
  return (
    <Answer query={query} what="the other invocation" skeleton={<Skeleton kind="text" rows={10} />}>
      {(data) => <Both left={left} right={data} />}
    </Answer>
  );
}

function Both({ left, right }: { left: InvocationDetail; right: InvocationDetail }) {
  return (
    <>
      <table className={styles.facts} aria-label="Both invocations">
        <tbody>
          {ROWS.map(([name, cell]) => (
            <tr key={name}>
              <th scope="row">{name}</th>
              <td>{cell(left)}</td>
              <td>{cell(right)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Section title="What differs">
        <DifferenceList title="Reply" left={left.reply} right={right.reply} />
        <DifferenceList title="Input" left={left.payload} right={right.payload} />
        <DifferenceList title="Host calls" left={callsOf(left)} right={callsOf(right)} />
        <DifferenceList title="Log" left={linesOf(left)} right={linesOf(right)} />
        <DifferenceList title="Request" left={left.context.request} right={right.context.request} />
      </Section>
    </>
  );
}

const ROWS: [string, (of: InvocationDetail) => ReactNode][] = [
  ["Invocation", (of) => <Itself of={of} />],
  ["When", (of) => <Time at={of.createdAt} as="exact" />],
  ["Outcome", (of) => <Outcome of={of.outcome} />],
  ["Version", (of) => `${of.hook} v${of.version}`],
  ["Called for", (of) => <code>{of.point}</code>],
  ["Time taken", (of) => <Duration us={of.durationUs} />],
  ["Fuel", (of) => <Fuel n={of.fuel} />],
];

function Itself({ of }: { of: InvocationDetail }) {
  const params = { ...usePlace(), invocation: of.id };
  return (
    <Link to="/p/$project/$environment/calls/$invocation" params={params}>
      {of.id}
    </Link>
  );
}

/** Without the times, which always differ. */
const callsOf = (of: InvocationDetail) =>
  of.hostCalls.map(({ name, arguments: asked, answer }) => ({ name, asked, answer }));
const linesOf = (of: InvocationDetail) => of.logs.map((line) => `${line.level} ${line.message}`);

// One invocation: what it decided, why it failed, where its time went, what went in and out. In a side panel and on its page.
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { type InvocationDetail, invocation } from "../../../api/queries/invocations.ts";
import { Id } from "../../../parts/copy.tsx";
import { Bytes, Duration, Fuel, Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Link } from "../../../parts/link.tsx";
import { Outcome } from "../../../parts/outcome.tsx";
import { Facts, Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { Decision } from "./decision.tsx";
import { Effects } from "./effects.tsx";
import { HostCalls } from "./host_calls.tsx";
import { InvocationActions } from "./invocation_actions.tsx";
import styles from "./invocation_view.module.css";
import { Logs } from "./logs.tsx";
import { userOf } from "./user_of.ts";

export function InvocationView({ id }: { id: string }) {
  const query = useQuery(invocation(usePlace(), id));
  return (
    <Answer query={query} what="the invocation" skeleton={<Skeleton kind="text" rows={10} />}>
      {(data) => (
        <>
          <InvocationActions of={data} />
          <InvocationParts of={data} />
        </>
      )}
    </Answer>
  );
}

export function InvocationParts({ of }: { of: InvocationDetail }) {
  return (
    <>
      <Facts facts={useFacts(of)} />
      <Decision of={of} />
      <Section title="Log" lead={of.logsDropped > 0 ? `${of.logsDropped} more lines exceeded the limit.` : undefined}>
        <Logs of={of.logs} />
      </Section>
      <HostCalls of={of} />
      <Effects of={of} />
      <Section title="Input" lead={INPUT}>
        <JsonView value={of.payload} name="Input" />
      </Section>
      <Section title="Context">
        <JsonView value={of.context} name="Context" depth={1} />
      </Section>
    </>
  );
}

const INPUT = (
  <>
    The payload as the hook got it. Passwords are handles, and one-time codes are shown as <code>[secret code]</code>.
  </>
);

function useFacts(of: InvocationDetail): [string, ReactNode][] {
  const place = usePlace();
  const user = userOf(of.payload);
  const facts: [string, ReactNode][] = [
    ["Outcome", <Outcome of={of.outcome} key="outcome" />],
    [
      "Hook",
      <span key="hook">
        <Link to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook: of.hook }}>
          {of.hook}
        </Link>{" "}
        version {of.version}
      </span>,
    ],
    ["Called for", <code key="point">{of.point}</code>],
    ["When", <Time at={of.createdAt} as="exact" key="at" />],
    ["Time taken", <Duration us={of.durationUs} key="duration" />],
    ["Fuel", <Fuel n={of.fuel} key="fuel" />],
    ["Most memory", <Bytes n={of.memoryPeakBytes} isMemory key="memory" />],
    [
      "Caused by",
      <Link to="/p/$project/$environment/requests/$request" params={{ ...place, request: of.requestId }} key="request">
        {of.requestId}
      </Link>,
    ],
  ];
  if (of.context.attempt > 1) facts.push(["Attempt", String(of.context.attempt)]);
  if (user) {
    const link = (
      <Link to="/p/$project/$environment/users/$user" params={{ ...place, user: user.id }} key="user">
        {user.name}
      </Link>
    );
    facts.push(["User", link]);
  }
  if (of.completeness === "cut") {
    facts.push([
      "Record",
      <span className={styles.cut} key="cut">
        cut: its end exceeded the size limit
      </span>,
    ]);
  }
  facts.push(["Invocation", <Id key="id">{of.id}</Id>]);
  return facts;
}

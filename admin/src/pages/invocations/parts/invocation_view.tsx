// One invocation: what it decided, why it failed, where its time went, what went in and out. In a side panel and on its page.
import { useQuery } from "@tanstack/react-query";
import { type InvocationDetail, invocation } from "../../../api/queries/invocations.ts";
import { Id } from "../../../parts/copy.tsx";
import { type Fact, FactGrid } from "../../../parts/fact_grid.tsx";
import { Bytes, Duration, Fuel, Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Link } from "../../../parts/link.tsx";
import { Outcome } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { Tag } from "../../../parts/tag.tsx";
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
      <Decision of={of} />
      <FactGrid facts={useFacts(of)} />
      <Section title="Log" lead={of.logsDropped > 0 ? `${of.logsDropped} more lines exceeded the limit.` : undefined}>
        <Logs of={of.logs} />
      </Section>
      <HostCalls of={of} />
      <Effects of={of} />
      <Section title="Input" lead={INPUT}>
        <JsonView value={of.payload} name="the input" />
      </Section>
      <Section title="Context">
        <JsonView value={of.context} name="the context" depth={1} />
      </Section>
    </>
  );
}

const INPUT = (
  <>
    The payload as the hook got it. Passwords are handles, and one-time codes are shown as <code>[secret code]</code>.
  </>
);

function useFacts(of: InvocationDetail): (Fact | null | false)[] {
  const place = usePlace();
  const named = userOf(of.payload);
  const user = of.user ? { id: of.user, name: named?.id === of.user ? named.name : of.user } : named;
  return [
    { name: "Outcome", value: <Outcome of={of.outcome} /> },
    {
      name: "Hook",
      value: (
        <>
          <Link to="/p/$project/$environment/hooks/$hook/code" params={{ ...place, hook: of.hook }}>
            {of.hook}
          </Link>{" "}
          v{of.version} {of.mode !== "live" && <Tag tone={of.mode === "canary" ? "deny" : "patch"}>{of.mode}</Tag>}
        </>
      ),
    },
    { name: "Called for", value: <code>{of.point}</code> },
    of.context.attempt > 1 && { name: "Attempt", value: of.context.attempt },
    { name: "Time taken", value: <Duration us={of.durationUs} /> },
    { name: "Fuel", value: <Fuel n={of.fuel} /> },
    { name: "Most memory", value: <Bytes n={of.memoryPeakBytes} isMemory /> },
    of.completeness === "cut" && { name: "Record", value: <span className={styles.cut}>cut at its size limit</span> },
    { name: "When", value: <Time at={of.createdAt} as="exact" />, isWide: true },
    user && {
      name: "User",
      isWide: true,
      value: (
        <Link to="/p/$project/$environment/users/$user" params={{ ...place, user: user.id }}>
          {user.name}
        </Link>
      ),
    },
    { name: "Caused by", value: <Cause id={of.requestId} endpoint={of.context.endpoint} />, isWide: true },
    { name: "Invocation", value: <Id>{of.id}</Id>, isWide: true },
  ];
}

/** A request, or the job or event that the hook handled. */
function Cause({ id, endpoint }: { id: string; endpoint: string }) {
  return (
    <Link to="/p/$project/$environment/requests/$request" params={{ ...usePlace(), request: id }} title={id}>
      {endpoint || id}
    </Link>
  );
}

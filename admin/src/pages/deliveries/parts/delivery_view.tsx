// One delivery: where it stands, what is sent, and what each attempt was answered. In a side panel and on a page of its own.
import { useMutation, useQuery } from "@tanstack/react-query";
import { type Attempt, type DeliveryDetail, delivery, hasEnded, resend } from "../../../api/queries/deliveries.ts";
import { Button } from "../../../parts/button.tsx";
import { CodeBlock } from "../../../parts/code.tsx";
import { Id } from "../../../parts/copy.tsx";
import { type Fact, FactGrid } from "../../../parts/fact_grid.tsx";
import { Duration, Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Link } from "../../../parts/link.tsx";
import { Mark, Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Problem, Skeleton } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import { Countdown } from "./countdown.tsx";
import styles from "./delivery.module.css";
import { MOST_ATTEMPTS } from "./delivery_columns.tsx";
import { Headers } from "./headers.tsx";

type Props = { webhook: string; id: string };

export function DeliveryView({ webhook, id }: Props) {
  const place = usePlace();
  const query = useQuery(delivery(place, webhook, id));
  return (
    <Answer query={query} what="the delivery" skeleton={<Skeleton kind="text" rows={8} />}>
      {(data) => <Whole of={data} webhook={webhook} />}
    </Answer>
  );
}

function Whole({ of, webhook }: { of: DeliveryDetail; webhook: string }) {
  const place = usePlace();
  return (
    <>
      <FactGrid facts={factsOf(of, place, webhook)} />
      <Resend of={of} webhook={webhook} />
      <Section title="Attempts" lead={of.log.length === 0 ? "It has not been tried yet." : undefined}>
        <ol className={styles.attempts}>
          {of.log.toReversed().map((attempt, index) => (
            <AttemptLine key={attempt.at} of={attempt} number={of.log.length - index} isOpen={index === 0} />
          ))}
        </ol>
      </Section>
      <Section title="Request" lead={<Signature />}>
        <p className={styles.url}>
          <b>{of.request.method}</b> {of.request.url}
        </p>
        <Headers of={Object.entries(of.request.headers).map(([name, value]) => ({ name, value }))} />
        {of.request.body === null ? (
          <p className={styles.dim}>The event is no longer stored, so there is no body to show.</p>
        ) : (
          <Body text={of.request.body} name="the body" />
        )}
      </Section>
    </>
  );
}

function factsOf(of: DeliveryDetail, place: ReturnType<typeof usePlace>, webhook: string): (Fact | false)[] {
  return [
    { name: "State", value: <Status of={of.state} /> },
    { name: "Attempts", value: `${of.attempts} of ${MOST_ATTEMPTS}` },
    !hasEnded(of.state) &&
      of.nextAttemptAt !== null && { name: "Next attempt", value: <Countdown to={of.nextAttemptAt} /> },
    { name: "Created", value: <Time at={of.createdAt} /> },
    of.finishedAt !== null && { name: "Ended", value: <Time at={of.finishedAt} /> },
    {
      name: "Event",
      isWide: true,
      value: (
        <>
          <code>{of.type}</code>{" "}
          <Link to="/p/$project/$environment/events/$event" params={{ ...place, event: of.event }}>
            {of.event}
          </Link>
        </>
      ),
    },
    {
      name: "Endpoint",
      isWide: true,
      value: (
        <Link to="/p/$project/$environment/webhooks/$webhook" params={{ ...place, webhook }}>
          {of.request.url}
        </Link>
      ),
    },
    { name: "Delivery", value: <Id>{of.id}</Id>, isWide: true },
  ];
}

function Resend({ of, webhook }: { of: DeliveryDetail; webhook: string }) {
  const place = usePlace();
  const rights = useRights();
  const again = useMutation({
    mutationFn: () => resend(place, webhook, of.id),
    onSuccess: () => say("It is sent again, starting with the first attempt."),
  });
  const whyNot = hasEnded(of.state)
    ? rights.why("data:write")
    : "It has not ended: the server goes on trying by itself";
  return (
    <>
      <div className={styles.acts}>
        <Button icon="refresh" onPress={() => again.mutate()} isPending={again.isPending} whyNot={whyNot}>
          Send again
        </Button>
        <span className={styles.dim}>The message keeps its id, so the receiver can tell that it had it.</span>
      </div>
      <Problem error={again.error} />
    </>
  );
}

function AttemptLine({ of, number, isOpen }: { of: Attempt; number: number; isOpen: boolean }) {
  const isGood = of.error === null;
  return (
    <li>
      <details className={styles.attempt} open={isOpen}>
        <summary>
          <Mark
            tone={isGood ? "allow" : "fail"}
            shape={isGood ? "disc" : "triangle"}
            word={isGood ? "accepted" : "failed"}
          />
          <span>Attempt {number}</span>
          <span className={styles.status}>{of.status ?? "no response"}</span>
          <Duration us={of.durationMs * 1000} />
          <Time at={of.at} as="exact" />
        </summary>
        {of.error && <p className={styles.error}>{of.error}</p>}
        {of.responseHeaders.length > 0 && <Headers of={of.responseHeaders} />}
        {of.response ? (
          <Body text={of.response} name="the response" />
        ) : (
          <p className={styles.dim}>{of.status ? "The response had no body." : "There was no response."}</p>
        )}
      </details>
    </li>
  );
}

/** A body as a tree if it is JSON, and as text if it is not. */
function Body({ text, name }: { text: string; name: string }) {
  const value = parsed(text);
  return value === undefined ? <CodeBlock code={text} label={name} /> : <JsonView value={value} name={name} />;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function Signature() {
  return (
    <>
      Each attempt also has <code>webhook-timestamp</code> and <code>webhook-signature</code>: HMAC-SHA256 of{" "}
      <code>id.timestamp.body</code>, once for each valid secret. Signatures are not kept.
    </>
  );
}

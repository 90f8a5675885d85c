// One job: where it stands, its message, its attempts as invocations, and running it again if it is dead.
import { useMutation, useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { invocations } from "../../../api/queries/invocations.ts";
import { type Job, job, requeue } from "../../../api/queries/queues.ts";
import { Button } from "../../../parts/button.tsx";
import { Id } from "../../../parts/copy.tsx";
import { Num, Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { Facts, Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Problem, Skeleton } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import { Countdown } from "../../deliveries/parts/countdown.tsx";
import { ShortList } from "../../invocations/parts/short_list.tsx";
import styles from "./job.module.css";

export function JobView({ id }: { id: string }) {
  const query = useQuery(job(usePlace(), id));
  return (
    <Answer query={query} what="the job" skeleton={<Skeleton kind="text" rows={8} />}>
      {(data) => <Whole of={data} />}
    </Answer>
  );
}

function Whole({ of }: { of: Job }) {
  const place = usePlace();
  const attempts = useQuery(invocations(place, { requestId: of.id }));
  return (
    <>
      <Facts facts={factsOf(of)} />
      {of.error && (
        <Section title="Last error">
          <p className={styles.error}>{of.error}</p>
        </Section>
      )}
      <Requeue of={of} />
      <Section title="Attempts">
        <Answer
          query={attempts}
          what="the invocations of the job"
          skeleton={<Skeleton rows={2} />}
          isEmpty={(page) => page.invocations.length === 0}
          empty={
            <p className={styles.dim}>
              No invocation of it is recorded: it has not been run, or the records have expired.
            </p>
          }
        >
          {(page) => <ShortList label="Attempts" of={page.invocations} />}
        </Answer>
      </Section>
      <Section title="Message">
        <JsonView value={of.message} name="Message" />
      </Section>
    </>
  );
}

function factsOf(of: Job): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [
    ["State", <Status of={of.state} key="state" />],
    ["Attempts", <Num n={of.attempts} key="attempts" />],
    ["Queue", <code key="queue">{of.queue}</code>],
    ["Priority", of.priority],
    ["Created", <Time at={of.createdAt} key="created" />],
  ];
  if (of.state === "waiting") facts.push(["Next attempt", <Countdown to={of.runAt} key="next" />]);
  if (of.finishedAt) facts.push(["Ended", <Time at={of.finishedAt} key="ended" />]);
  if (of.idempotencyKey) facts.push(["Idempotency key", <code key="key">{of.idempotencyKey}</code>]);
  if (of.orderKey) facts.push(["Waits behind", <code key="order">{of.orderKey}</code>]);
  if (of.hops > 0) facts.push(["Jobs before it in the chain", <Num n={of.hops} key="hops" />]);
  facts.push(["Job", <Id key="id">{of.id}</Id>]);
  return facts;
}

function Requeue({ of }: { of: Job }) {
  const place = usePlace();
  const rights = useRights();
  const again = useMutation({
    mutationFn: () => requeue(place, of.id),
    onSuccess: () => say("The job is requeued, with all its attempts."),
  });
  if (of.state !== "dead") return null;
  return (
    <>
      <div className={styles.acts}>
        <Button
          icon="refresh"
          onPress={() => again.mutate()}
          isPending={again.isPending}
          whyNot={rights.why("data:write")}
        >
          Requeue
        </Button>
        <span className={styles.dim}>Its handler runs again with the same id, so what ran once can be recognised.</span>
      </div>
      <Problem error={again.error} />
    </>
  );
}

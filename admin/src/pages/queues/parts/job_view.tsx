// One job: where it stands, its message, its attempts as invocations, and running it again if it is dead.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { invocations } from "../../../api/queries/invocations.ts";
import { deleteJob, type Job, job, requeue } from "../../../api/queries/queues.ts";
import { Button } from "../../../parts/button.tsx";
import { Id } from "../../../parts/copy.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { type Fact, FactGrid } from "../../../parts/fact_grid.tsx";
import { Num, Time } from "../../../parts/figures.tsx";
import { JsonView } from "../../../parts/json.tsx";
import { Status } from "../../../parts/outcome.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { Answer, Problem, Skeleton } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import { Countdown } from "../../deliveries/parts/countdown.tsx";
import { ShortList } from "../../invocations/parts/short_list.tsx";
import styles from "./job.module.css";

/** An attempt is recorded a moment after it ended. */
const AGAIN_MS = 5_000;

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
  const attempts = useQuery({ ...invocations(place, { requestId: of.id }), refetchInterval: AGAIN_MS });
  return (
    <>
      <FactGrid facts={factsOf(of)} />
      {of.error && (
        <Section title="Last error">
          <p className={styles.error}>{of.error}</p>
        </Section>
      )}
      <Acts of={of} />
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
          {(page) => <ShortList label="Attempts" of={page.invocations} without={["hook", "point", "fuel"]} />}
        </Answer>
      </Section>
      <Section title="Message">
        <JsonView value={of.message} name="the message" />
      </Section>
    </>
  );
}

function factsOf(of: Job): (Fact | false)[] {
  return [
    { name: "State", value: <Status of={of.state} /> },
    { name: "Attempts", value: <Num n={of.attempts} /> },
    { name: "Queue", value: <code>{of.queue}</code> },
    { name: "Priority", value: of.priority },
    { name: "Created", value: <Time at={of.createdAt} /> },
    of.state === "waiting" && { name: "Next attempt", value: <Countdown to={of.runAt} /> },
    of.finishedAt !== null && { name: "Ended", value: <Time at={of.finishedAt} /> },
    of.hops > 0 && { name: "Jobs before it in the chain", value: <Num n={of.hops} /> },
    of.orderKey !== null && { name: "Waits behind", value: <code>{of.orderKey}</code>, isWide: true },
    of.idempotencyKey !== null && { name: "Idempotency key", value: <code>{of.idempotencyKey}</code>, isWide: true },
    { name: "Job", value: <Id>{of.id}</Id>, isWide: true },
  ];
}

function Acts({ of }: { of: Job }) {
  const place = usePlace();
  const rights = useRights();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const again = useMutation({
    mutationFn: () => requeue(place, of.id),
    onSuccess: () => say("The job is requeued, with all its attempts."),
  });
  const mayNot = rights.why("data:write");
  return (
    <>
      <div className={styles.acts}>
        {of.state === "dead" && (
          <Button icon="refresh" onPress={() => again.mutate()} isPending={again.isPending} whyNot={mayNot}>
            Requeue
          </Button>
        )}
        <Button
          icon="trash"
          kind="quiet"
          whyNot={of.state === "running" ? "A worker is running it" : mayNot}
          onPress={() => setAsking(true)}
        >
          Delete…
        </Button>
        {of.state === "dead" && (
          <span className={styles.dim}>
            Its handler runs again with the same id, so what ran once can be recognised.
          </span>
        )}
      </div>
      <Problem error={again.error} />
      <ConfirmDialog
        title="Delete this job?"
        consequence={
          of.state === "waiting"
            ? "It is not run any more, and its message is lost."
            : "Its message and its last error are lost. Invocations of it stay until they expire."
        }
        action="Delete the job"
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={async () => {
          await deleteJob(place, of.id);
          say("The job is deleted.");
          await navigate({ to: "/p/$project/$environment/queues/$queue", params: { ...place, queue: of.queue } });
        }}
      />
    </>
  );
}

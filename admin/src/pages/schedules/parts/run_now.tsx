// Runs a schedule once, beside its times. In production it is asked first.
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { runSchedule, type Schedule } from "../../../api/queries/schedules.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say, sayProblem } from "../../../parts/toast.tsx";

export function RunNow({ of }: { of: Schedule }) {
  const place = usePlace();
  const environment = useEnvironment();
  const rights = useRights();
  const navigate = useNavigate();
  const [isAsking, setAsking] = useState(false);
  const run = useMutation({
    mutationFn: () => runSchedule(place, of),
    onSuccess: (job) => {
      say(`${of.name} runs now.`);
      const params = { ...place, queue: job.queue };
      void navigate({ to: "/p/$project/$environment/queues/$queue", params, search: { job: job.id } });
    },
  });
  const whyNot = of.state === "disabled" ? "The hook is disabled here" : rights.why("data:write");
  const start = () => {
    if (environment.isProduction) setAsking(true);
    else run.mutate(undefined, { onError: sayProblem });
  };
  return (
    <>
      <Button small icon="play" onPress={start} isPending={run.isPending} whyNot={whyNot}>
        Run now
      </Button>
      <ConfirmDialog
        title={`Run ${of.name} now?`}
        consequence={`The handler of ${of.hook} runs once, beside its times, with everything that it does.`}
        action="Run now"
        kind="primary"
        environment={environment}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => run.mutateAsync()}
      />
    </>
  );
}

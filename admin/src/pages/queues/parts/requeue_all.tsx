// Runs all dead jobs of a queue again, after saying how many that are.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { requeueAll } from "../../../api/queries/queues.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { plural } from "../../../parts/format.ts";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say } from "../../../parts/toast.tsx";

export function RequeueAll({ queue, dead }: { queue: string; dead: number }) {
  const place = usePlace();
  const environment = useEnvironment();
  const rights = useRights();
  const [isAsking, setAsking] = useState(false);
  const requeue = useMutation({
    mutationFn: () => requeueAll(place, queue),
    onSuccess: (count) => say(`${plural(count, "job")} requeued.`),
  });
  const whyNot = dead === 0 ? "No job of this queue is dead" : rights.why("data:write");
  return (
    <>
      <Button icon="refresh" whyNot={whyNot} isPending={requeue.isPending} onPress={() => setAsking(true)}>
        Requeue all dead…
      </Button>
      <ConfirmDialog
        title={`Requeue ${plural(dead, "dead job")}?`}
        consequence="Their handler runs again for each of them, with all attempts. If what made them fail has not changed, they will be dead again."
        action={`Requeue ${plural(dead, "job")}`}
        kind="primary"
        environment={environment}
        isOpen={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => requeue.mutateAsync()}
      />
    </>
  );
}

// Stops what is tried beside the live version: from the hook's pages, the list of hooks and the overview.
import { useState } from "react";
import type { RunningRollout } from "../../../../../../docs/openapi.d.ts";
import { Button } from "../../../../parts/button.tsx";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { percentage } from "../../../../parts/format.ts";
import { usePlace } from "../../../../parts/place.ts";
import { useRights } from "../../../../parts/rights.ts";
import { say } from "../../../../parts/toast.tsx";
import { useStop } from "../use_rollout.ts";

type Of = Pick<RunningRollout, "kind" | "version" | "share">;
type Props = { hook: string; of: Of; small?: boolean };

export function StopRollout({ hook, of, small = false }: Props) {
  const [isOpen, setOpen] = useState(false);
  const missing = useRights().why("hooks:deploy");
  return (
    <>
      <Button icon="stop" small={small} whyNot={missing} onPress={() => setOpen(true)}>
        Stop the {of.kind}…
      </Button>
      <StopDialog hook={hook} of={of} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}

type DialogProps = { hook: string; of: Of; isOpen: boolean; onClose: () => void };

/** No tick in production: it only takes away what was tried. */
export function StopDialog({ hook, of, isOpen, onClose }: DialogProps) {
  const place = usePlace();
  const stop = useStop(place, hook);
  return (
    <ConfirmDialog
      title={`Stop the ${of.kind} of ${hook}?`}
      consequence={
        of.kind === "canary"
          ? `Every request is decided by the live version from then on, also those of the ${percentage(of.share)} that version ${of.version} has now. Its figures stay.`
          : `Version ${of.version} is not run any more. It never decided anything, and its figures stay.`
      }
      action={`Stop the ${of.kind}`}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={async () => {
        await stop.mutateAsync(undefined);
        say(`The ${of.kind} of ${hook} is stopped in ${place.environment}.`);
      }}
    />
  );
}

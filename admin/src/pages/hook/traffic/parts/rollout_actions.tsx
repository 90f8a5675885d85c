// What can be done with a rollout that goes on: stop it, raise its share, make its version live.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import type { Rollout } from "../../../../../../docs/openapi.d.ts";
import { liveHooks } from "../../../../api/queries/hooks.ts";
import { Button } from "../../../../parts/button.tsx";
import { ConfirmDialog } from "../../../../parts/dialog.tsx";
import { percentage } from "../../../../parts/format.ts";
import { useEnvironment, usePlace } from "../../../../parts/place.ts";
import { useRights } from "../../../../parts/rights.ts";
import { say } from "../../../../parts/toast.tsx";
import { nextShares } from "../rollouts.ts";
import { usePromote, useShare } from "../use_rollout.ts";
import { StopRollout } from "./stop_rollout.tsx";

type Props = { rollout: Rollout };

export function RolloutActions({ rollout }: Props) {
  const missing = useRights().why("hooks:deploy");
  const [share, setShare] = useState<number | null>(null);
  const [isPromoting, setPromoting] = useState(false);
  const shares = rollout.kind === "canary" ? nextShares(rollout.share) : [];
  return (
    <>
      <StopRollout hook={rollout.hook} of={rollout} />
      {shares.map((one) => (
        <Button key={one} whyNot={missing} onPress={() => setShare(one)}>
          Raise to {percentage(one)}…
        </Button>
      ))}
      <Button icon="rocket" whyNot={missing} onPress={() => setPromoting(true)}>
        Make it live…
      </Button>
      {share !== null && <ShareDialog rollout={rollout} share={share} onClose={() => setShare(null)} />}
      {isPromoting && <PromoteDialog rollout={rollout} onClose={() => setPromoting(false)} />}
    </>
  );
}

function ShareDialog({ rollout, share, onClose }: Props & { share: number; onClose: () => void }) {
  const place = usePlace();
  const change = useShare(place, rollout);
  return (
    <ConfirmDialog
      title={`Let version ${rollout.version} decide ${percentage(share)}?`}
      consequence={`It decides ${percentage(share)} of the calls instead of ${percentage(rollout.share)}, from the next request on. Whoever has it keeps it; the end and the rules that stop it stay as they are.`}
      action={`Raise it to ${percentage(share)}`}
      kind="primary"
      environment={useEnvironment()}
      isOpen
      onClose={onClose}
      onConfirm={async () => {
        await change.mutateAsync(share);
        say(`Version ${rollout.version} of ${rollout.hook} decides ${percentage(share)} in ${place.environment}.`);
      }}
    />
  );
}

function PromoteDialog({ rollout, onClose }: Props & { onClose: () => void }) {
  const place = usePlace();
  const promote = usePromote(place, rollout.hook);
  const live = useQuery(liveHooks(place)).data;
  return (
    <ConfirmDialog
      title={`Make version ${rollout.version} live?`}
      consequence={`A new deployment of ${place.environment} has version ${rollout.version} of ${rollout.hook} in place of version ${rollout.liveVersion}; everything else stays as it is, and the ${rollout.kind} ends. The gates are those of a deployment.`}
      action={`Make version ${rollout.version} live`}
      kind="primary"
      environment={useEnvironment()}
      isOpen
      onClose={onClose}
      onConfirm={async () => {
        await promote.mutateAsync({ expect: live?.number ?? 0 });
        say(`Version ${rollout.version} of ${rollout.hook} is live in ${place.environment}.`);
      }}
    />
  );
}

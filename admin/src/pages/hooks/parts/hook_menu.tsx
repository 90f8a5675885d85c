// What can be done with a hook in the list: enable or disable it here, or go to one of its pages.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { setHookState } from "../../../api/queries/hooks.ts";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say } from "../../../parts/toast.tsx";
import { StopDialog } from "../../hook/traffic/parts/stop_rollout.tsx";
import { type HookRow, placesOf } from "./rows.ts";

export function HookMenu({ of }: { of: HookRow }) {
  const place = usePlace();
  const rights = useRights();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const params = { ...place, hook: of.name };
  const isOn = of.live?.state === "enabled";
  const number = of.live?.number ?? 0;
  const running = of.live?.rollout ?? null;
  const [isStopping, setStopping] = useState(false);
  const whyNot = of.live ? rights.why("hooks:deploy") : "No version of it is live here: deploy one first";
  return (
    <>
      <Menu
        label={`Actions for ${of.name}`}
        items={[
          ...(running
            ? [
                {
                  id: "stop",
                  title: `Stop the ${running.kind}…`,
                  icon: "stop" as const,
                  whyNot: rights.why("hooks:deploy"),
                  onAction: () => setStopping(true),
                },
              ]
            : []),
          {
            id: "state",
            title: isOn ? "Disable here…" : "Enable here…",
            icon: isOn ? "pause" : "play",
            whyNot,
            onAction: () => setOpen(true),
          },
          {
            id: "back",
            title: "Roll back…",
            icon: "refresh",
            whyNot: number > 1 ? rights.why("hooks:deploy") : "No older version than the live one",
            onAction: () =>
              void navigate({
                to: "/p/$project/$environment/hooks/$hook/history",
                params,
                search: { back: number - 1 },
              }),
          },
          {
            id: "test",
            title: "Test",
            icon: "play",
            onAction: () => void navigate({ to: "/p/$project/$environment/hooks/$hook/test", params }),
          },
          {
            id: "history",
            title: "Version history",
            icon: "history",
            onAction: () => void navigate({ to: "/p/$project/$environment/hooks/$hook/history", params }),
          },
          {
            id: "calls",
            title: "Invocations",
            icon: "calls",
            onAction: () =>
              void navigate({ to: "/p/$project/$environment/calls", params: place, search: { hook: of.name } }),
          },
        ]}
      />
      {running && <StopDialog hook={of.name} of={running} isOpen={isStopping} onClose={() => setStopping(false)} />}
      <SetState of={of} isOpen={isOpen} onClose={() => setOpen(false)} />
    </>
  );
}

function SetState({ of, isOpen, onClose }: { of: HookRow; isOpen: boolean; onClose: () => void }) {
  const place = usePlace();
  const environment = useEnvironment();
  const cache = useQueryClient();
  const isOn = of.live?.state === "enabled";
  const set = useMutation({
    mutationFn: () => setHookState(place, of.name, !isOn),
    onSuccess: async () => {
      await cache.invalidateQueries({ queryKey: [place.project] });
      say(`${of.name} is ${isOn ? "disabled" : "enabled"} in ${place.environment}.`);
    },
  });
  const where = placesOf(of).join(", ");
  return (
    <ConfirmDialog
      title={`${isOn ? "Disable" : "Enable"} ${of.name} in ${place.environment}?`}
      consequence={
        isOn
          ? `Requests and events go on without it: ${where}. It is a deployment of its own, so it can be rolled back.`
          : `It runs again at ${where}, from the next request on.`
      }
      action={isOn ? "Disable the hook" : "Enable the hook"}
      kind={isOn ? "danger" : "primary"}
      environment={environment}
      isOpen={isOpen}
      onClose={onClose}
      onConfirm={() => set.mutateAsync()}
    />
  );
}

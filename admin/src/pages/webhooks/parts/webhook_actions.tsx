// What can be done to a webhook endpoint: test, send again, rotate the secret, enable and disable, delete.
import { useMutation } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { changeWebhook, deleteWebhook, type WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Button } from "../../../parts/button.tsx";
import { ConfirmDialog } from "../../../parts/dialog.tsx";
import { Menu } from "../../../parts/menu.tsx";
import { useEnvironment, usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say, sayProblem } from "../../../parts/toast.tsx";
import { ResendDialog } from "./resend_dialog.tsx";
import { RotateSecret } from "./rotate_secret.tsx";
import { TestDialog } from "./test_dialog.tsx";

type Open = "test" | "resend" | "rotate" | "disable" | "delete" | null;

export function WebhookActions({ of }: { of: WebhookEndpoint }) {
  const rights = useRights();
  const [open, setOpen] = useState<Open>(null);
  const enable = useEnable(of);
  const close = () => setOpen(null);
  const mayNot = rights.why("settings:write");
  const isDisabled = of.state === "disabled";
  const off = isDisabled ? "The endpoint is disabled: nothing is sent to it" : undefined;
  const isEnabled = isDisabled ? undefined : "It is enabled";
  return (
    <>
      {isDisabled ? (
        <Button
          kind="primary"
          onPress={() => enable.mutate()}
          isPending={enable.isPending}
          whyNot={mayNot ?? isEnabled}
        >
          Enable
        </Button>
      ) : (
        <Button kind="primary" icon="play" onPress={() => setOpen("test")} whyNot={mayNot}>
          Send a test event…
        </Button>
      )}
      <Button icon="refresh" onPress={() => setOpen("resend")} whyNot={off ?? rights.why("data:write")}>
        Send again…
      </Button>
      <Menu
        label="More actions"
        items={[
          { id: "rotate", title: "Rotate the secret…", icon: "key", whyNot: mayNot, onAction: () => setOpen("rotate") },
          {
            id: "disable",
            title: "Disable…",
            icon: "pause",
            whyNot: off ?? mayNot,
            onAction: () => setOpen("disable"),
          },
          {
            id: "delete",
            title: "Delete…",
            icon: "trash",
            isDanger: true,
            whyNot: mayNot,
            onAction: () => setOpen("delete"),
          },
        ]}
      />
      {open === "test" && <TestDialog of={of} onClose={close} />}
      {open === "resend" && <ResendDialog of={of} onClose={close} />}
      {open === "rotate" && <RotateSecret of={of} onClose={close} />}
      <Ends of={of} open={open} onClose={close} />
    </>
  );
}

function useEnable(of: WebhookEndpoint) {
  const place = usePlace();
  return useMutation({
    mutationFn: () => changeWebhook(place, of.id, { state: "enabled" }),
    onSuccess: () => say("Enabled. Send what was missed with “Send again”."),
    onError: sayProblem,
  });
}

function Ends({ of, open, onClose }: { of: WebhookEndpoint; open: Open; onClose: () => void }) {
  const place = usePlace();
  const environment = useEnvironment();
  const navigate = useNavigate();
  return (
    <>
      <ConfirmDialog
        title="Disable this endpoint?"
        consequence={`Nothing more is sent to ${of.url}, and its waiting deliveries are canceled. After it is enabled again, they can be sent as missing.`}
        action="Disable the endpoint"
        isOpen={open === "disable"}
        environment={environment}
        onClose={onClose}
        onConfirm={() => changeWebhook(place, of.id, { state: "disabled" })}
      />
      <ConfirmDialog
        title="Delete this endpoint?"
        consequence={`${of.url} receives nothing more. Its secret and the record of its deliveries are deleted, and cannot be brought back.`}
        action="Delete the endpoint"
        isOpen={open === "delete"}
        environment={environment}
        onClose={onClose}
        onConfirm={async () => {
          await deleteWebhook(place, of.id);
          say("The webhook endpoint is deleted.");
          await navigate({ to: "/p/$project/$environment/webhooks", params: place });
        }}
      />
    </>
  );
}

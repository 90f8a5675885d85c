// A new secret for a webhook endpoint, and how long the old one goes on signing beside it.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { rotateSecret, type WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { SelectField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { SecretShown } from "./secret_shown.tsx";

const DAY = 86_400;
const OVERLAPS = [
  {
    value: "0",
    title: "Not at all",
    hint: "For a secret that somebody else may know. Messages fail until the receiver has the new one.",
  },
  { value: String(DAY), title: "1 day" },
  { value: String(7 * DAY), title: "7 days" },
  { value: String(30 * DAY), title: "30 days" },
];

type Props = { of: WebhookEndpoint; onClose: () => void };

export function RotateSecret({ of, onClose }: Props) {
  const place = usePlace();
  const [overlap, setOverlap] = useState(String(DAY));
  const rotate = useMutation({ mutationFn: () => rotateSecret(place, of.id, Number(overlap)) });
  if (rotate.data) return <SecretShown title="The new secret" secret={rotate.data.secret} onClose={onClose} />;
  return (
    <Dialog title="Rotate the secret" isOpen onClose={onClose}>
      <Form error={rotate.error} onSubmit={() => rotate.mutate()}>
        <p>
          A new secret is made and shown once. Meanwhile each message carries one signature per secret, so the receiver
          can switch without losing any.
        </p>
        <SelectField
          name="overlapSeconds"
          label="The old secret goes on signing for"
          options={OVERLAPS}
          value={overlap}
          onChange={setOverlap}
        />
        <DialogActions action="Rotate the secret" isPending={rotate.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

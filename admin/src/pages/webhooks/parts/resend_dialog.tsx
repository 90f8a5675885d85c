// Sending many messages of an endpoint again: those that failed, or events that were never sent, since a moment.
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { type ResendWhat, resendAll } from "../../../api/queries/deliveries.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { SelectField, TextField } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { number, plural } from "../../../parts/format.ts";
import { usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";
import { localOf, momentOf } from "./moments.ts";

const DAY_MS = 86_400_000;
const WHAT = [
  {
    value: "failed",
    title: "What failed",
    hint: "Deliveries that were given up, or canceled when the endpoint was disabled.",
  },
  {
    value: "missing",
    title: "What is missing",
    hint: "Events that this endpoint selects and that were never sent to it.",
  },
];

type Props = { of: WebhookEndpoint; onClose: () => void };

export function ResendDialog({ of, onClose }: Props) {
  const place = usePlace();
  const [what, setWhat] = useState<ResendWhat>("failed");
  const [since, setSince] = useState(() =>
    localOf(of.failingSince ? Date.parse(of.failingSince) : Date.now() - DAY_MS),
  );
  const [sent, setSent] = useState(0);
  const resend = useMutation({
    mutationFn: () => resendAll(place, of.id, what, momentOf(since), setSent),
    onSuccess: (count) => {
      say(count === 0 ? "There was nothing to send again." : `${plural(count, "message")} sent again.`);
      onClose();
    },
  });
  return (
    <Dialog title="Send again" isOpen onClose={onClose}>
      <Form error={resend.error} onSubmit={() => resend.mutate()}>
        <SelectField
          name="what"
          label="Send"
          options={WHAT}
          value={what}
          onChange={(next) => setWhat(next as ResendWhat)}
        />
        <TextField name="since" label="Since" type="datetime-local" value={since} onChange={setSince} isRequired />
        {resend.isPending && <p role="status">{number(sent)} so far…</p>}
        <DialogActions action="Send again" isPending={resend.isPending} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

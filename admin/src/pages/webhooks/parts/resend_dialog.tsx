// Sending many messages of an endpoint again: those that failed, or events that were never sent, since a moment. What would be
// sent is counted first.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { planOf, type ReplayPlan, type ResendWhat, resendAll } from "../../../api/queries/deliveries.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { SelectField, TextField } from "../../../parts/field.tsx";
import { Time } from "../../../parts/figures.tsx";
import { Form } from "../../../parts/form.tsx";
import { number, plural } from "../../../parts/format.ts";
import { usePlace } from "../../../parts/place.ts";
import { Answer, Skeleton } from "../../../parts/states.tsx";
import { say } from "../../../parts/toast.tsx";
import { localOf, momentOf } from "./moments.ts";
import styles from "./resend_dialog.module.css";

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
  const [local, setLocal] = useState(() =>
    localOf(of.failingSince ? Date.parse(of.failingSince) : Date.now() - DAY_MS),
  );
  const [sent, setSent] = useState(0);
  const since = local ? momentOf(local) : "";
  const plan = useQuery({ ...planOf(place, of.id, what, since), enabled: since !== "" });
  const resend = useMutation({
    mutationFn: () => resendAll(place, of.id, what, since, setSent),
    onSuccess: (count) => {
      say(count === 0 ? "There was nothing to send again." : `${plural(count, "message")} sent again.`);
      onClose();
    },
  });
  const count = plan.data?.count ?? 0;
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
        <TextField name="since" label="Since" type="datetime-local" value={local} onChange={setLocal} isRequired />
        <Answer query={plan} what="what would be sent" skeleton={<Skeleton kind="text" rows={2} />}>
          {(data) => <Plan of={data} />}
        </Answer>
        {resend.isPending && <p role="status">{number(sent)} so far…</p>}
        <DialogActions
          action={count > 0 ? `Send ${number(count)}${plan.data?.isCut ? " and more" : ""} again` : "Send again"}
          isPending={resend.isPending}
          whyNot={count === 0 ? "There is nothing to send" : undefined}
          onCancel={onClose}
        />
      </Form>
    </Dialog>
  );
}

function Plan({ of }: { of: ReplayPlan }) {
  if (of.count === 0) return <p className={styles.plan}>There is nothing to send since then.</p>;
  return (
    <div className={styles.plan}>
      <p>
        {of.isCut ? "At least " : ""}
        {plural(of.count, "message")}, of events from <Time at={of.oldestAt} as="exact" /> to{" "}
        <Time at={of.newestAt} as="exact" />. Each keeps its id, so the receiver can tell which it had.
      </p>
      <ul>
        {of.byType.map((one) => (
          <li key={one.type}>
            <code>{one.type}</code> {number(one.count)}
          </li>
        ))}
      </ul>
    </div>
  );
}

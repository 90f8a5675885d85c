// A new webhook endpoint. Its secret is shown by whoever opened this, once.
import { useMutation } from "@tanstack/react-query";
import { createWebhook, type NewWebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { Form, useForm } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { problemOf, toCondition } from "./conditions.ts";
import { NOTHING, type WebhookDraft, WebhookFields } from "./webhook_form.tsx";

type Props = { isOpen: boolean; onClose: () => void; onMade: (made: NewWebhookEndpoint) => void };

export function CreateWebhook({ isOpen, onClose, onMade }: Props) {
  return (
    <Dialog title="Add a webhook endpoint" isOpen={isOpen} onClose={onClose}>
      <Fields onClose={onClose} onMade={onMade} />
    </Dialog>
  );
}

function Fields({ onClose, onMade }: Omit<Props, "isOpen">) {
  const place = usePlace();
  const form = useForm(NOTHING);
  const create = useMutation({
    mutationFn: () => createWebhook(place, requestOf(form.value)),
    onSuccess: onMade,
  });
  return (
    <Form error={create.error} onSubmit={() => create.mutate()}>
      <WebhookFields value={form.value} set={form.set} />
      <DialogActions
        action="Add the endpoint"
        isPending={create.isPending}
        whyNot={whyNot(form.value)}
        onCancel={onClose}
      />
    </Form>
  );
}

/** What is sent: what was left empty is left out. */
function requestOf({ url, events, filter, order, codes, description, ownerEmail }: WebhookDraft) {
  return {
    url,
    events,
    filter: filter.map(toCondition),
    order,
    codes,
    ...(description ? { description } : {}),
    ...(ownerEmail ? { ownerEmail } : {}),
  };
}

export function whyNot({ url, events, filter }: WebhookDraft): string | undefined {
  if (!url) return "Say where the messages go";
  if (events.length === 0) return "Choose at least one event";
  if (filter.some(problemOf)) return "A condition is not complete";
  return undefined;
}

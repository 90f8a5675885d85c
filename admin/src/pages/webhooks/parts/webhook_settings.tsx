// The settings of a webhook endpoint, saved as a whole.
import { useMutation } from "@tanstack/react-query";
import { useMemo } from "react";
import { changeWebhook, type WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { CodeBlock } from "../../../parts/code.tsx";
import { Form, SaveBar, useForm } from "../../../parts/form.tsx";
import { Section } from "../../../parts/page.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say } from "../../../parts/toast.tsx";
import { fromCondition, toCondition } from "./conditions.ts";
import { whyNot } from "./create_webhook.tsx";
import { VERIFY } from "./secret_shown.tsx";
import { type WebhookDraft, WebhookFields } from "./webhook_form.tsx";

const NAMES = {
  url: "URL",
  description: "Description",
  events: "Events",
  filter: "Conditions",
  order: "Order",
  codes: "One-time codes",
  ownerEmail: "Owner's email address",
};

export function WebhookSettings({ of }: { of: WebhookEndpoint }) {
  const place = usePlace();
  const rights = useRights();
  const saved = useMemo(() => draftOf(of), [of]);
  const form = useForm(saved);
  const save = useMutation({
    mutationFn: () => changeWebhook(place, of.id, changesOf(form.value, saved)),
    onSuccess: () => {
      form.reset();
      say("Saved.");
    },
  });
  return (
    <>
      <Form error={save.error} onSubmit={() => save.mutate()} label="Settings of the endpoint">
        <WebhookFields value={form.value} set={form.set} />
        <SaveBar
          form={form}
          names={NAMES}
          isSaving={save.isPending}
          whyNot={rights.why("settings:write") ?? whyNot(form.value)}
        />
      </Form>
      <Section
        title="Check a message"
        lead="With any library of Standard Webhooks 1.0, and the secret of this endpoint."
      >
        <CodeBlock code={VERIFY} label="How to check a message in Node.js" />
      </Section>
    </>
  );
}

function draftOf(of: WebhookEndpoint): WebhookDraft {
  return {
    url: of.url,
    description: of.description,
    events: of.events,
    filter: of.filter.map(fromCondition),
    order: of.order,
    codes: of.codes,
    ownerEmail: of.ownerEmail ?? "",
  };
}

/** Only what differs: a text that was never there cannot be sent as empty. */
function changesOf(value: WebhookDraft, saved: WebhookDraft) {
  const { filter, ...rest } = value;
  const changed = Object.entries(rest).filter(
    ([name, one]) => JSON.stringify(one) !== JSON.stringify(saved[name as keyof WebhookDraft]),
  );
  return {
    ...Object.fromEntries(changed),
    ...(JSON.stringify(filter) === JSON.stringify(saved.filter) ? {} : { filter: filter.map(toCondition) }),
  };
}

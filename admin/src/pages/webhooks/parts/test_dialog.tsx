// A test event for one endpoint: a type with a sample that can be changed, sent to it alone.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { sendTest, type TestEvent } from "../../../api/queries/deliveries.ts";
import { type EventType, eventTypes } from "../../../api/queries/event_types.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { Dialog } from "../../../parts/dialog.tsx";
import { DialogActions } from "../../../parts/dialog_actions.tsx";
import { SelectField, TextArea } from "../../../parts/field.tsx";
import { Form } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { say } from "../../../parts/toast.tsx";
import { selected } from "./event_types.ts";

const PLAIN = "webhook.test";

type Props = { of: WebhookEndpoint; onClose: () => void };

export function TestDialog({ of, onClose }: Props) {
  const place = usePlace();
  const navigate = useNavigate();
  const types = useQuery(eventTypes(place)).data ?? [];
  const [type, setType] = useState(PLAIN);
  const [typed, setTyped] = useState<string | null>(null);
  const data = typed ?? sampleOf(types, type);
  const problem = type === PLAIN ? undefined : problemOf(data);
  const send = useMutation({
    mutationFn: () => sendTest(place, of.id, bodyOf(type, data)),
    onSuccess: (delivery) => {
      say("The test event is on its way.");
      onClose();
      const to = "/p/$project/$environment/webhooks/$webhook";
      void navigate({ to, params: { ...place, webhook: of.id }, search: { delivery: delivery.id } });
    },
  });
  const choose = (next: string) => {
    setType(next);
    setTyped(null);
  };
  return (
    <Dialog title="Send a test event" isOpen onClose={onClose}>
      <Form error={send.error} onSubmit={() => send.mutate()}>
        <SelectField
          name="type"
          label="Event"
          hint="It is sent whatever the endpoint selects, and to nobody else; the message says that it is a test."
          options={optionsOf(types, of)}
          value={type}
          onChange={choose}
        />
        {type !== PLAIN && (
          <TextArea
            name="data"
            label="Its data"
            hint="JSON"
            mono
            rows={12}
            value={data}
            problem={problem}
            onChange={setTyped}
          />
        )}
        <DialogActions action="Send the test event" isPending={send.isPending} whyNot={problem} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

/** Those that the endpoint selects come first. */
function optionsOf(types: readonly EventType[], of: WebhookEndpoint) {
  const chosen = new Set(
    selected(
      of.events,
      types.map((one) => one.name),
    ),
  );
  const options = types
    .filter((one) => one.name !== PLAIN)
    .toSorted((a, b) => Number(chosen.has(b.name)) - Number(chosen.has(a.name)))
    .map(({ name, description }) => ({ value: name, title: name, hint: description }));
  return [{ value: PLAIN, title: PLAIN, hint: "The plain test event, without data of a user." }, ...options];
}

function sampleOf(types: readonly EventType[], name: string): string {
  const sample = types.find((one) => one.name === name)?.sample;
  return JSON.stringify(sample?.data ?? {}, null, 2);
}

function problemOf(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value)
      ? undefined
      : "The data is a JSON object";
  } catch (error) {
    return `This is not JSON: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function bodyOf(type: string, data: string): TestEvent {
  return type === PLAIN ? {} : { type, data: JSON.parse(data) as Record<string, unknown> };
}

// The fields of a webhook endpoint, for a new one and for one that is changed.
import { useQuery } from "@tanstack/react-query";
import { type EventType, eventTypes } from "../../../api/queries/event_types.ts";
import type { NewWebhook } from "../../../api/queries/webhooks.ts";
import { SelectField, TextField } from "../../../parts/field.tsx";
import { usePlace } from "../../../parts/place.ts";
import type { Condition } from "./conditions.ts";
import { ConditionsField } from "./conditions_field.tsx";
import { EventsField } from "./events_field.tsx";

/** What is typed; a condition that is not finished is part of it. */
export type WebhookDraft = {
  url: string;
  description: string;
  events: string[];
  filter: Condition[];
  order: NonNullable<NewWebhook["order"]>;
  codes: NonNullable<NewWebhook["codes"]>;
  ownerEmail: string;
};

export const NOTHING: WebhookDraft = {
  url: "",
  description: "",
  events: [],
  filter: [],
  order: "none",
  codes: "withheld",
  ownerEmail: "",
};

const ORDERS = [
  {
    value: "none",
    title: "As soon as possible",
    hint: "Messages can arrive in another order than the events happened.",
  },
  {
    value: "subject",
    title: "In order for each user",
    hint: "A message waits until the one before it was delivered or given up, which can take 28 hours.",
  },
];
const CODES = [
  { value: "withheld", title: "Leave them out" },
  {
    value: "included",
    title: "Send them, because this endpoint delivers text messages",
    hint: "Only if neither a hook nor a script hook on auth.otp.send delivers them.",
  },
];

type Props = { value: WebhookDraft; set: <K extends keyof WebhookDraft>(key: K, value: WebhookDraft[K]) => void };

export function WebhookFields({ value, set }: Props) {
  const types = useQuery({ ...eventTypes(usePlace()), select: namesOf });
  return (
    <>
      <TextField
        name="url"
        label="URL"
        type="url"
        mono
        isRequired
        placeholder="https://example.com/webhooks"
        hint="https, and an address on the public internet."
        value={value.url}
        onChange={(url) => set("url", url)}
      />
      <EventsField types={types.data ?? []} value={value.events} onChange={(events) => set("events", events)} />
      <ConditionsField value={value.filter} onChange={(filter) => set("filter", filter)} />
      <TextField
        name="description"
        label="Description"
        hint="What receives the messages, for whoever reads the list."
        maxLength={500}
        value={value.description}
        onChange={(description) => set("description", description)}
      />
      <TextField
        name="ownerEmail"
        label="Owner's email address"
        type="email"
        hint="Gets a mail when the server disables the endpoint."
        value={value.ownerEmail}
        onChange={(email) => set("ownerEmail", email)}
      />
      <SelectField
        name="order"
        label="Order"
        options={ORDERS}
        value={value.order}
        onChange={(order) => set("order", order as WebhookDraft["order"])}
      />
      <SelectField
        name="codes"
        label="One-time codes for text messages"
        options={CODES}
        value={value.codes}
        onChange={(codes) => set("codes", codes as WebhookDraft["codes"])}
      />
    </>
  );
}

/** Without the test event, which is sent whatever is selected. */
const namesOf = (types: readonly EventType[]) => types.map((one) => one.name).filter((name) => name !== "webhook.test");

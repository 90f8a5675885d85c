// Who receives an event: script hooks and webhook endpoints, each with whether it does now.
import type { EndpointEvent } from "../../../api/queries/endpoints.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { selects } from "../../webhooks/parts/event_types.ts";

export type Receiver =
  | { kind: "hook"; name: string; version: number; isOn: boolean }
  | { kind: "webhook"; id: string; url: string; isFiltered: boolean; isOn: boolean };

export function receiversOf(event: EndpointEvent, webhooks: readonly WebhookEndpoint[]): Receiver[] {
  const hooks = event.hooks.map(({ name, version, status }) => ({
    kind: "hook" as const,
    name,
    version,
    isOn: status === "enabled",
  }));
  const urls = webhooks
    .filter((one) => one.events.some((pattern) => selects(pattern, event.name)))
    .map(({ id, url, filter, state }) => ({
      kind: "webhook" as const,
      id,
      url,
      isFiltered: filter.length > 0,
      isOn: state === "enabled",
    }));
  return [...hooks, ...urls];
}

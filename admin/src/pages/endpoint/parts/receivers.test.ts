import { describe, expect, it } from "vitest";
import type { EndpointEvent } from "../../../api/queries/endpoints.ts";
import type { WebhookEndpoint } from "../../../api/queries/webhooks.ts";
import { receiversOf } from "./receivers.ts";

const event = {
  name: "auth.mfa.enrolled",
  status: "enabled",
  hooks: [{ name: "audit", version: 2, status: "disabled" }],
} as unknown as EndpointEvent;

const webhook = (id: string, events: string[], state: string, filter: unknown[] = []) =>
  ({ id, url: `https://x.example/${id}`, events, state, filter }) as unknown as WebhookEndpoint;

describe("receivers of an event", () => {
  it("are its script hooks and the webhook endpoints that select it", () => {
    const webhooks = [
      webhook("a", ["auth.mfa.*"], "enabled", [{}]),
      webhook("b", ["auth.login"], "enabled"),
      webhook("c", ["*"], "disabled"),
    ];
    expect(receiversOf(event, webhooks)).toEqual([
      { kind: "hook", name: "audit", version: 2, isOn: false },
      { kind: "webhook", id: "a", url: "https://x.example/a", isFiltered: true, isOn: true },
      { kind: "webhook", id: "c", url: "https://x.example/c", isFiltered: false, isOn: false },
    ]);
  });
});

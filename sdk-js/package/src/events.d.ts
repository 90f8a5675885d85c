// What has happened, for script hooks: `export const on: EventHandlers = { "auth.signup": … }`.
import type { Context } from "./context.js";
import type { Json } from "./json.js";
import type { KnownEvents } from "./known-events.js";
import type { Aerocall } from "./sdk.js";

/** A schedule's time has come. */
export interface ScheduleData {
  /** The time that was due, ISO 8601, UTC. */
  scheduledAt: string;
}

/** The data of every event with a fixed name that hooks get. */
export type Events = Omit<KnownEvents, "webhook.test">;

/** The name of an event. */
export type EventName = keyof KnownEvents | `cron.${string}` | `queue.${string}`;

/** The data of an event by its name. The message of a queue is what `enqueue` was given. */
export type EventData<Name extends EventName> = Name extends keyof KnownEvents
  ? KnownEvents[Name]
  : Name extends `queue.${string}`
    ? Json
    : ScheduleData;

/** Something that has happened. */
export interface Event<Name extends EventName = EventName> {
  /** Stays the same when the handler is tried again. */
  readonly id: string;
  readonly type: Name;
  /** Of the shape of `data`. */
  readonly version: number;
  /** ISO 8601, UTC. */
  readonly time: string;
  readonly project: string;
  readonly environment: string;
  /** Who did it: `user:usr_…`, `hook:beforeSignup`, `anonymous`. */
  readonly actor: string;
  /** The user that it is about. */
  readonly subject: string | null;
  readonly data: EventData<Name>;
}

/** Every event that the server makes: `switch (event.type)` narrows `event.data`. */
export type KnownEvent = { [Name in keyof KnownEvents]: Event<Name> }[keyof KnownEvents];

/** The body of a webhook, for receivers. */
export type WebhookMessage = KnownEvent & {
  /** The same as `time` (Standard Webhooks 1.0). */
  readonly timestamp: string;
};

/**
 * Handles an event. What it returns means nothing; what it throws makes it run again later, except `Deny`, which gives it
 * up. The same event can come twice: its `id` is the same.
 */
export type EventHandler<Name extends EventName> = (
  context: Context,
  event: Event<Name>,
  Aerocall: Aerocall,
) => void | Promise<void>;

/**
 * The type of `export const on`. Each event is named exactly; queues and schedules by the names that the project gives them.
 * Groups such as `auth.mfa.*` are for webhooks alone.
 */
export type EventHandlers = { [Name in keyof Events]?: EventHandler<Name> } & {
  [name: `queue.${string}`]: EventHandler<`queue.${string}`>;
  [name: `cron.${string}`]: EventHandler<`cron.${string}`>;
};

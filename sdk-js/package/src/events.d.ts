// What has happened, for script hooks: `export const on: EventHandlers = { "auth.signup": … }`.
import type { Context } from "./context.js";
import type { Json } from "./json.js";
import type { Aerocall } from "./sdk.js";
import type { SessionRef, User } from "./users.js";

/** A user did something in a session. */
export interface UserSessionData {
  user: User;
  session: SessionRef;
}

/** Something about a user. */
export interface UserData {
  user: User;
}

/** An address was or is to be confirmed. */
export interface EmailData extends UserData {
  email: string;
}

/** Signing up. There is no session yet where addresses are confirmed first. */
export interface SignupData extends UserData {
  session?: SessionRef;
}

/** A one-time code. */
export interface OtpData {
  /** Absent when the code is to make an account. */
  user?: User;
  channel: "email" | "sms";
  to: string;
}

/** A one-time code that was sent or is to be sent. */
export interface OtpSendData extends OtpData {
  purpose: "login" | "verify_phone";
  /**
   * Who delivers it: a hook at `beforeOtpSend` has, the server by mail, the first script hook that gets this event, or the
   * first webhook endpoint that asked for codes.
   */
  delivery: "hook" | "server" | "event" | "webhook";
  /** The endpoint that delivers it. */
  webhook?: string;
  /** For whoever delivers it, and for nobody else. */
  code?: string;
}

/** Second factors: `auth.mfa.enrolled`, `auth.mfa.removed`, `auth.mfa.verified`, `auth.mfa.recovery.used`. */
export interface MfaData extends UserData {
  /** Of one that was enrolled or removed. */
  factor?: { id: string; type: "totp" };
  /** Of one that was shown. */
  method?: "totp" | "recovery_code";
}

/** A schedule's time has come. */
export interface ScheduleData {
  /** The time that was due, ISO 8601, UTC. */
  scheduledAt: string;
}

/** The data of every event with a fixed name. */
export interface Events {
  "auth.signup": SignupData;
  "auth.login": UserSessionData;
  "auth.login.failed": { email: string; reason: string };
  "auth.logout": UserSessionData & { revoked?: number };
  "auth.token.refreshed": UserSessionData;
  "auth.password.reset.requested": EmailData;
  "auth.password.reset.completed": UserData;
  "auth.password.changed": UserData;
  "auth.otp.send": OtpSendData;
  "auth.otp.verified": OtpData;
  "auth.email.verification.requested": EmailData;
  "auth.email.verified": EmailData;
  /** No session when an admin or a hook did it. */
  "auth.user.updated": UserData & { session?: SessionRef };
  "auth.user.deleted": UserData;
  /** `reason`: `refresh_token_reused`, `banned`, `admin`; absent when its owner did it. */
  "auth.session.revoked": UserSessionData & { reason?: string; revoked?: number };
}

/** The name of an event. */
export type EventName = keyof Events | `auth.mfa.${string}` | `cron.${string}` | `queue.${string}`;

/** The data of an event by its name. The message of a queue is what `enqueue` was given. */
export type EventData<Name extends EventName> = Name extends keyof Events
  ? Events[Name]
  : Name extends `queue.${string}`
    ? Json
    : Name extends `cron.${string}`
      ? ScheduleData
      : MfaData;

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

/**
 * Handles an event. What it returns means nothing; what it throws makes it run again later, except `Deny`, which gives it
 * up. The same event can come twice: its `id` is the same.
 */
export type EventHandler<Name extends EventName> = (
  context: Context,
  event: Event<Name>,
  Aerocall: Aerocall,
) => void | Promise<void>;

/** The type of `export const on`. */
export type EventHandlers = { [Name in keyof Events]?: EventHandler<Name> } & {
  [name: `queue.${string}`]: EventHandler<`queue.${string}`>;
  [name: `auth.mfa.${string}`]: EventHandler<`auth.mfa.${string}`>;
  [name: `cron.${string}`]: EventHandler<`cron.${string}`>;
};

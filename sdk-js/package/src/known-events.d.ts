// The data of each event.
// Made from runtime/contract/src/events.rs: change that, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are
import type { JsonObject } from "./json.js";
import type { SessionRef, User } from "./users.js";

/** The data of every event that the server emits, by event type. */
export interface KnownEvents {
  /** An account was created. */
  "auth.signup": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
  };
  /** A user logged in. */
  "auth.login": {
    /** The user after the event. */
    user: User;
    /** The session that the event is about. */
    session: SessionRef;
  };
  /** A login failed. The email address is the one that the client sent; there may be no such account. */
  "auth.login.failed": {
    /** The email address. */
    email: string;
    /** Why the login failed; for the project, never shown to the user. */
    reason: string;
  };
  /** A user logged out. */
  "auth.logout": {
    /** The user after the event. */
    user: User;
    /** The session that the event is about. */
    session: SessionRef;
    /**
     * The number of sessions that ended. `auth.session.revoked` has it only if a session revoked all others; then
     * `session` is the remaining one.
     */
    revoked?: number;
  };
  /** A session was refreshed. */
  "auth.token.refreshed": {
    /** The user after the event. */
    user: User;
    /** The session that the event is about. */
    session: SessionRef;
  };
  /** A password reset was requested, and its mail was sent. */
  "auth.password.reset.requested": {
    /** The user after the event. */
    user: User;
    /** The email address. */
    email: string;
  };
  /** A password was reset. */
  "auth.password.reset.completed": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
  };
  /** A user changed their password. */
  "auth.password.changed": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
  };
  /** A one-time code was sent, or is about to be sent. */
  "auth.otp.send": {
    /** How the code is sent. */
    channel: "email" | "sms";
    /** The email address or phone number. */
    to: string;
    /** Absent if the code is for a new account. */
    user?: User;
    /** What the code is for. */
    purpose: "login" | "verify_phone";
    /**
     * Who delivers the code: a hook at `beforeOtpSend` (`hook`), the server by mail (`server`), the first script hook
     * on this event (`event`), or the first webhook endpoint with codes included (`webhook`).
     */
    delivery: "hook" | "server" | "event" | "webhook";
    /** The webhook endpoint that delivers the code. */
    webhook?: string;
    /** The code; only in the copy for the receiver that delivers it, never stored with the event. */
    code?: string;
  };
  /** A one-time code was verified. */
  "auth.otp.verified": {
    /** How the code is sent. */
    channel: "email" | "sms";
    /** The email address or phone number. */
    to: string;
    /** Absent if the code is for a new account. */
    user?: User;
  };
  /** A verification mail was sent. */
  "auth.email.verification.requested": {
    /** The user after the event. */
    user: User;
    /** The email address. */
    email: string;
  };
  /** An email address was verified. */
  "auth.email.verified": {
    /** The user after the event. */
    user: User;
    /** The email address. */
    email: string;
    /** The session of the request, if there was one. */
    session?: SessionRef;
  };
  /** A user was changed: by themselves, an admin or a hook. */
  "auth.user.updated": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
  };
  /** A user was deleted. */
  "auth.user.deleted": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
  };
  /** Sessions were revoked: by the user from another session, by an admin, or because a refresh token was reused. */
  "auth.session.revoked": {
    /** The user after the event. */
    user: User;
    /** The session that the event is about. */
    session: SessionRef;
    /**
     * The number of sessions that ended. `auth.session.revoked` has it only if a session revoked all others; then
     * `session` is the remaining one.
     */
    revoked?: number;
    /** `refresh_token_reused`, `banned` or `admin`; absent if the user revoked them. */
    reason?: string;
  };
  /** A second factor was enrolled or removed. */
  "auth.mfa.enrolled": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
    /** The factor. */
    factor: { id: string; type: "totp" };
  };
  /** A second factor was verified. */
  "auth.mfa.verified": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
    /** The kind of factor. */
    method: "totp" | "recovery_code";
  };
  /** A second factor was verified. */
  "auth.mfa.recovery.used": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
    /** The kind of factor. */
    method: "totp" | "recovery_code";
  };
  /** A second factor was enrolled or removed. */
  "auth.mfa.removed": {
    /** The user after the event. */
    user: User;
    /** The session of the request, if there was one. */
    session?: SessionRef;
    /** The factor. */
    factor: { id: string; type: "totp" };
  };
  /** A test requested by an admin. Sent to one webhook endpoint only. */
  "webhook.test": {
    /** The webhook endpoint. */
    webhook: string;
    /** A text for people. */
    message: string;
    /** `type` and `data` of the event that the message shows in place of this one, if the admin asked for a type. */
    sample?: JsonObject;
  };
}

// What is in the data of each event.
// Made from server/src/base/event/schema.rs: change that, and run UPDATE_DOCS=1 cargo test --workspace --lib documents_are
import type { SessionRef, User } from "./users.js";

/** The data of every event that the server makes, by its name. */
export interface KnownEvents {
  /** Somebody has an account now. */
  "auth.signup": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
  };
  /** A user has logged in. */
  "auth.login": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in. */
    session: SessionRef;
  };
  /** Somebody could not log in. The address is as it was sent; there need be no account. */
  "auth.login.failed": {
    /** The address. */
    email: string;
    /** Why, for the project alone. */
    reason: string;
  };
  /** A user has logged out. */
  "auth.logout": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in. */
    session: SessionRef;
    /** How many sessions ended. */
    revoked?: number;
  };
  /** A session goes on. */
  "auth.token.refreshed": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in. */
    session: SessionRef;
  };
  /** A way to a new password was sent. */
  "auth.password.reset.requested": {
    /** The user as they are after it. */
    user: User;
    /** The address. */
    email: string;
  };
  /** A new password was set by such a way. */
  "auth.password.reset.completed": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
  };
  /** A user has changed their password. */
  "auth.password.changed": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
  };
  /** A one-time code was sent, or is to be sent. */
  "auth.otp.send": {
    /** Which way. */
    channel: "email" | "sms";
    /** The address or the number. */
    to: string;
    /** Absent when the code is to make an account. */
    user?: User;
    /** What the code is for. */
    purpose: "login" | "verify_phone";
    /** Who delivers it: a hook at beforeOtpSend has, the server by mail, the first script hook on this event, or the first webhook endpoint that asked for codes. */
    delivery: "hook" | "server" | "event" | "webhook";
    /** The endpoint that delivers it. */
    webhook?: string;
    /** For whoever delivers it and for nobody else: it is not kept with the event. */
    code?: string;
  };
  /** A one-time code was right. */
  "auth.otp.verified": {
    /** Which way. */
    channel: "email" | "sms";
    /** The address or the number. */
    to: string;
    /** Absent when the code is to make an account. */
    user?: User;
  };
  /** A link to confirm an address was sent. */
  "auth.email.verification.requested": {
    /** The user as they are after it. */
    user: User;
    /** The address. */
    email: string;
  };
  /** An address was confirmed. */
  "auth.email.verified": {
    /** The user as they are after it. */
    user: User;
    /** The address. */
    email: string;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
  };
  /** A user was changed, by whomever. */
  "auth.user.updated": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
  };
  /** A user is gone. */
  "auth.user.deleted": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
  };
  /** Sessions ended without a logout in them. */
  "auth.session.revoked": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in. */
    session: SessionRef;
    /** How many sessions ended. */
    revoked?: number;
    /** `refresh_token_reused`, `banned`, `admin`; absent when their owner did it. */
    reason?: string;
  };
  /** A second factor was added or taken away. */
  "auth.mfa.enrolled": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
    /** Which one. */
    factor: { id: string; type: "totp" };
  };
  /** A second factor was shown. */
  "auth.mfa.verified": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
    /** Which kind. */
    method: "totp" | "recovery_code";
  };
  /** A second factor was shown. */
  "auth.mfa.recovery.used": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
    /** Which kind. */
    method: "totp" | "recovery_code";
  };
  /** A second factor was added or taken away. */
  "auth.mfa.removed": {
    /** The user as they are after it. */
    user: User;
    /** The session it happened in, if it did in one. */
    session?: SessionRef;
    /** Which one. */
    factor: { id: string; type: "totp" };
  };
  /** An admin has asked for a test. It is for one endpoint alone. */
  "webhook.test": {
    /** The endpoint. */
    webhook: string;
    /** For people. */
    message: string;
  };
}

// What each hook point gets and what it may change: one line per point in `Payloads` and in `Patches`.
import type { Json, JsonObject } from "./json.js";
import type { Client, LateUserPatch, NewUser, PasswordHandle, SessionRef, User, UserPatch } from "./users.js";

/** What every payload has. */
export interface BasePayload {
  readonly client: Client;
}

/** Signing up, before the user is kept. */
export interface SignupPayload extends BasePayload {
  readonly user: NewUser;
  /** Absent when the user signs up without one. */
  readonly password?: PasswordHandle;
  /** `password`, `google`, … */
  readonly provider: string;
}

/** The user exists; the password is gone. */
export interface SignedUpPayload extends BasePayload {
  readonly user: User;
  readonly provider: string;
}

/** Logging in: the credentials were right, the session does not exist yet. */
export interface LoginPayload extends BasePayload {
  readonly user: User;
  readonly password?: PasswordHandle;
  readonly provider: string;
}

/** The session exists. */
export interface LoggedInPayload extends BasePayload {
  readonly user: User;
  readonly provider: string;
}

/** An access token is about to be signed, or was. */
export interface TokenIssuePayload extends BasePayload {
  readonly user: User;
  readonly provider: string;
  /** The project's own claims, beside those of the server (`sub`, `exp`, …). */
  readonly claims: JsonObject;
}

/** A session and its user. */
export interface SessionPayload extends BasePayload {
  readonly user: User;
  readonly session: SessionRef;
}

/** Somebody asks for a link that resets a password. Answered the same whether or not there is such a user. */
export interface PasswordResetRequestPayload extends BasePayload {
  readonly email: string;
  /** Absent when nobody has that address. */
  readonly user?: User;
}

/** A password is replaced. */
export interface PasswordPayload extends BasePayload {
  readonly user: User;
  /** The new one; gone once it is kept. */
  readonly password?: PasswordHandle;
}

/** A one-time code. */
export interface OtpPayload extends BasePayload {
  /** Absent when nobody has that address or number. */
  readonly user?: User;
  readonly channel: "email" | "sms";
  /** The address or number that the code goes to. */
  readonly to: string;
}

/** A code is about to be sent. Whoever asks is answered the same whether or not there is somebody to send it to. */
export interface OtpSendPayload extends OtpPayload {
  /** For a hook that delivers it; absent when it goes to nobody. It is kept nowhere, not in records of calls either. */
  readonly code?: string;
  /**
   * Who delivers: `server` (by mail, or through the first script hook on `auth.otp.send`), `hook` (one before this has),
   * `none` (there is no such account: nothing may be sent).
   */
  readonly delivery: "server" | "hook" | "none";
}

/** A code was sent, or would have been. */
export interface OtpSentPayload extends OtpPayload {
  readonly delivery: "server" | "hook" | "none";
}

/** An address is confirmed. */
export interface EmailVerifyPayload extends BasePayload {
  readonly user: User;
  readonly email: string;
}

/** A user changes. */
export interface UserUpdatePayload extends BasePayload {
  /** As the user will be. */
  readonly user: User;
  /** What was asked for. */
  readonly changes: UserPatch;
}

/** A user and nothing else. */
export interface UserPayload extends BasePayload {
  readonly user: User;
}

/** A second factor is checked. */
export interface MfaVerifyPayload extends BasePayload {
  readonly user: User;
  readonly method: "totp" | "recovery_code";
}

/** The payload of each hook point. */
export interface Payloads {
  beforeSignup: SignupPayload;
  afterSignup: SignedUpPayload;
  beforeLogin: LoginPayload;
  afterLogin: LoggedInPayload;
  beforeTokenIssue: TokenIssuePayload;
  afterTokenIssue: TokenIssuePayload;
  beforeTokenRefresh: SessionPayload;
  afterTokenRefresh: SessionPayload;
  beforeLogout: SessionPayload;
  afterLogout: SessionPayload;
  beforePasswordResetRequest: PasswordResetRequestPayload;
  afterPasswordResetRequest: PasswordResetRequestPayload;
  beforePasswordReset: PasswordPayload;
  afterPasswordReset: UserPayload;
  beforePasswordChange: PasswordPayload;
  afterPasswordChange: UserPayload;
  beforeOtpSend: OtpSendPayload;
  afterOtpSend: OtpSentPayload;
  beforeOtpVerify: OtpPayload;
  afterOtpVerify: OtpPayload;
  beforeEmailVerify: EmailVerifyPayload;
  afterEmailVerify: EmailVerifyPayload;
  beforeUserUpdate: UserUpdatePayload;
  afterUserUpdate: UserUpdatePayload;
  beforeUserDelete: UserPayload;
  afterUserDelete: UserPayload;
  beforeMfaVerify: MfaVerifyPayload;
  afterMfaVerify: MfaVerifyPayload;
}

/** The name of a hook point. */
export type HookPoint = keyof Payloads;

/** A point before the state changes. */
export type BeforePoint = Extract<HookPoint, `before${string}`>;

/** A point after the state has changed. */
export type AfterPoint = Extract<HookPoint, `after${string}`>;

/** The changes that points other than the usual ones take. */
interface OwnPatches {
  beforeTokenIssue: { claims?: { [name: string]: Json | undefined } };
  afterTokenIssue: never;
  /** `delivery: "hook"`: the hook has delivered the code, nobody else does. */
  beforeOtpSend: { delivery?: "server" | "hook"; user?: LateUserPatch };
}

/** What a hook at a point may change. */
export type Patch<Point extends HookPoint> = Point extends keyof OwnPatches
  ? OwnPatches[Point]
  : Point extends BeforePoint
    ? { user?: UserPatch }
    : { user?: LateUserPatch };

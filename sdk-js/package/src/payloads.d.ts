// What each hook point gets and what a hook may change there.
// Made from runtime/contract/src/points.rs and payloads.rs: change those, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are
import type { Json, JsonObject } from "./json.js";
import type { Client, LateUserPatch, NewUser, PasswordHandle, SessionRef, User, UserPatch } from "./users.js";

/** What every payload has. */
export interface BasePayload {
  /** What the client says about itself; an empty object if nothing. */
  readonly client: Client;
}

/** Signing up, before the user is kept. */
export interface SignupPayload extends BasePayload {
  /** The user as they will be kept. */
  readonly user: NewUser;
  /** Absent when the user signs up without one. */
  readonly password?: PasswordHandle;
  /** `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
  readonly provider: string;
}

/** The user exists; the password is gone. */
export interface SignedUpPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
  readonly provider: string;
}

/** Logging in: the credentials were right, the session does not exist yet. */
export interface LoginPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** Absent when the user logs in without one. */
  readonly password?: PasswordHandle;
  /** `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
  readonly provider: string;
}

/** The session exists. */
export interface LoggedInPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
  readonly provider: string;
}

/** An access token is about to be signed, or was. */
export interface TokenIssuePayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
  readonly provider: string;
  /** The session, when it exists already: on a refresh. */
  readonly session?: SessionRef;
  /** The project's own claims, beside those of the server (`sub`, `exp`, …). */
  readonly claims: JsonObject;
}

/** A session and its user. */
export interface SessionPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** `password`, `otp`, `magic_link`, `admin`, or the name of an identity provider. */
  readonly provider: string;
  /** The session. */
  readonly session: SessionRef;
}

/** Somebody asks for a link that resets a password. Answered the same whether or not there is such a user. */
export interface PasswordResetRequestPayload extends BasePayload {
  /** The address. */
  readonly email: string;
  /** Absent when nobody has that address. */
  readonly user?: User;
}

/** A password is about to be replaced. */
export interface PasswordPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** The new one; gone once it is kept. */
  readonly password: PasswordHandle;
}

/** A user and nothing else. */
export interface UserPayload extends BasePayload {
  /** The user. */
  readonly user: User;
}

/** A code is about to be sent. Whoever asks is answered the same whether or not there is somebody to send it to. */
export interface OtpSendPayload extends BasePayload {
  /** Absent when nobody has that address or number. */
  readonly user?: User;
  /** Which way the code goes. */
  readonly channel: "email" | "sms";
  /** The address or number that the code goes to. */
  readonly to: string;
  /**
   * For a hook that delivers it; absent when it goes to nobody. It is kept nowhere, not in records of calls either.
   */
  readonly code?: string;
  /**
   * Who delivers: `server` (by mail, or through the first script hook on `auth.otp.send`), `hook` (one before this
   * has), `none` (there is no such account: nothing may be sent).
   */
  readonly delivery: "server" | "hook" | "none";
}

/** A code was sent, or would have been. */
export interface OtpSentPayload extends BasePayload {
  /** Absent when nobody has that address or number. */
  readonly user?: User;
  /** Which way the code goes. */
  readonly channel: "email" | "sms";
  /** The address or number that the code goes to. */
  readonly to: string;
  /** Who delivers. */
  readonly delivery: "server" | "hook" | "none";
}

/** A one-time code was right. */
export interface OtpPayload extends BasePayload {
  /** Absent when nobody has that address or number. */
  readonly user?: User;
  /** Which way the code goes. */
  readonly channel: "email" | "sms";
  /** The address or number that the code goes to. */
  readonly to: string;
}

/** An address is confirmed. */
export interface EmailVerifyPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** The address. */
  readonly email: string;
}

/** A user changes. */
export interface UserUpdatePayload extends BasePayload {
  /** As the user will be. */
  readonly user: User;
  /** What was asked for. */
  readonly changes: UserPatch;
}

/** A second factor is checked. */
export interface MfaVerifyPayload extends BasePayload {
  /** The user. */
  readonly user: User;
  /** Which kind. */
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

/** What a hook may change at each hook point; `never`: nothing. */
export interface Patches {
  beforeSignup: { user?: UserPatch };
  afterSignup: { user?: LateUserPatch };
  beforeLogin: { user?: UserPatch };
  afterLogin: { user?: LateUserPatch };
  beforeTokenIssue: { claims?: { [name: string]: Json | undefined } };
  afterTokenIssue: never;
  beforeTokenRefresh: { user?: LateUserPatch };
  afterTokenRefresh: { user?: LateUserPatch };
  beforeLogout: { user?: LateUserPatch };
  afterLogout: { user?: LateUserPatch };
  beforePasswordResetRequest: never;
  afterPasswordResetRequest: never;
  beforePasswordReset: { user?: LateUserPatch };
  afterPasswordReset: { user?: LateUserPatch };
  beforePasswordChange: { user?: LateUserPatch };
  afterPasswordChange: { user?: LateUserPatch };
  beforeOtpSend: { delivery?: "server" | "hook"; user?: LateUserPatch };
  afterOtpSend: { user?: LateUserPatch };
  beforeOtpVerify: { user?: LateUserPatch };
  afterOtpVerify: { user?: LateUserPatch };
  beforeEmailVerify: { user?: LateUserPatch };
  afterEmailVerify: { user?: LateUserPatch };
  beforeUserUpdate: { user?: UserPatch };
  afterUserUpdate: { user?: LateUserPatch };
  beforeUserDelete: never;
  afterUserDelete: never;
  beforeMfaVerify: { user?: LateUserPatch };
  afterMfaVerify: { user?: LateUserPatch };
}

/** The name of a hook point. */
export type HookPoint = keyof Payloads;

/** A hook point before the state changes. */
export type BeforePoint = Extract<HookPoint, `before${string}`>;

/** A hook point after the state has changed. */
export type AfterPoint = Extract<HookPoint, `after${string}`>;

/** What a hook at a hook point may change. */
export type Patch<Point extends HookPoint> = Patches[Point];

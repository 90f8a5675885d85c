// The type of each hook: `export const beforeSignup: BeforeSignup = async (context, payload, Aerocall) => …`.
// Made from runtime/contract/src/points.rs and payloads.rs: change those, and run UPDATE_DOCS=1 cargo nextest run --workspace documents_are
import type { RequestContext } from "./context.js";
import type { HookPoint, Payloads } from "./payloads.js";
import type { Reply } from "./reply.js";
import type { Aerocall } from "./sdk.js";

/** A hook at a hook point. */
export type Hook<Point extends HookPoint> = (
  context: RequestContext,
  payload: Payloads[Point],
  Aerocall: Aerocall,
) => Reply<Point> | Promise<Reply<Point>>;

export type BeforeSignup = Hook<"beforeSignup">;
export type AfterSignup = Hook<"afterSignup">;
export type BeforeLogin = Hook<"beforeLogin">;
export type AfterLogin = Hook<"afterLogin">;
export type BeforeTokenIssue = Hook<"beforeTokenIssue">;
export type AfterTokenIssue = Hook<"afterTokenIssue">;
export type BeforeTokenRefresh = Hook<"beforeTokenRefresh">;
export type AfterTokenRefresh = Hook<"afterTokenRefresh">;
export type BeforeLogout = Hook<"beforeLogout">;
export type AfterLogout = Hook<"afterLogout">;
export type BeforePasswordResetRequest = Hook<"beforePasswordResetRequest">;
export type AfterPasswordResetRequest = Hook<"afterPasswordResetRequest">;
export type BeforePasswordReset = Hook<"beforePasswordReset">;
export type AfterPasswordReset = Hook<"afterPasswordReset">;
export type BeforePasswordChange = Hook<"beforePasswordChange">;
export type AfterPasswordChange = Hook<"afterPasswordChange">;
export type BeforeOtpSend = Hook<"beforeOtpSend">;
export type AfterOtpSend = Hook<"afterOtpSend">;
export type BeforeOtpVerify = Hook<"beforeOtpVerify">;
export type AfterOtpVerify = Hook<"afterOtpVerify">;
export type BeforeEmailVerify = Hook<"beforeEmailVerify">;
export type AfterEmailVerify = Hook<"afterEmailVerify">;
export type BeforeUserUpdate = Hook<"beforeUserUpdate">;
export type AfterUserUpdate = Hook<"afterUserUpdate">;
export type BeforeUserDelete = Hook<"beforeUserDelete">;
export type AfterUserDelete = Hook<"afterUserDelete">;
export type BeforeMfaVerify = Hook<"beforeMfaVerify">;
export type AfterMfaVerify = Hook<"afterMfaVerify">;

// Auth settings as the form has them: flat, with the names by which the server tells problems.
import type { AuthSettings } from "../../../api/queries/settings.ts";
import { flatten, unflatten } from "./flat.ts";

type Section<P extends string, T> = {
  [K in keyof T & string as `${P}.${K}`]: T[K] extends number ? number | null : T[K];
};

/** A number that was deleted and not yet typed again is `null`. */
export type AuthForm = Omit<AuthSettings, "password" | "sessions" | "limits"> &
  Section<"password", AuthSettings["password"]> &
  Section<"sessions", AuthSettings["sessions"]> &
  Section<"limits", AuthSettings["limits"]>;

export const AUTH_NAMES: { readonly [K in keyof AuthForm]: string } = {
  appName: "Name in mails",
  signUp: "Users can sign up",
  confirmEmail: "Require a verified email address",
  otpEmail: "One-time codes by mail",
  otpSms: "One-time codes by text message",
  magicLink: "Magic links",
  mfa: "Second factor",
  redirectUrls: "Redirect URLs",
  "password.minChars": "Minimum length",
  "password.refuseCommon": "Refuse common passwords",
  "password.refuseBreached": "Refuse passwords that were found in breaches",
  "sessions.accessSeconds": "Access token lifetime",
  "sessions.sessionSeconds": "Session lifetime",
  "sessions.idleSeconds": "Inactivity timeout",
  "sessions.refreshGraceSeconds": "Grace period of a used refresh token",
  "sessions.recentSeconds": "A login is recent for",
  "limits.perIpMinute": "Requests per IP address",
  "limits.failuresPerAccount": "Failed attempts per account",
  "limits.sendsPerRecipientHour": "Mails and messages per recipient",
  "limits.perProjectSecond": "Requests to the environment",
};

export function fromSettings(settings: AuthSettings): AuthForm {
  return flatten(settings) as AuthForm;
}

/** What is empty is left out: then the default holds. */
export function toRequest(form: AuthForm): Record<string, unknown> {
  return unflatten(Object.fromEntries(Object.entries(form).filter(([, value]) => value !== null)));
}

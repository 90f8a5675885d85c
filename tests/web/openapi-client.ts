// A client of the API as its authors would write it: it compiles with `tsc --strict` against docs/openapi.d.ts, and each line
// that is marked as an error is one. Nothing of this runs.

import type {
  AdminUser,
  ConfirmationRequired,
  Error as Refused,
  Factor,
  FactorConfirmation,
  IdentityList,
  JobState,
  JwkSet,
  MfaMethod,
  operations,
  PatchAuthMeRequest,
  PostAuthLoginRequest,
  PostAuthOtpSendRequest,
  PostAuthRegisterRequest,
  paths,
  Readiness,
  SessionGrant,
  SessionList,
  SignIn,
  SignUp,
  User,
  UserList,
} from "../../docs/openapi.js";

/** The body that a path takes, and what it answers. */
type Body<P extends keyof paths, M extends keyof paths[P]> = paths[P][M] extends {
  requestBody: { content: { "application/json": infer Sent } };
}
  ? Sent
  : never;
type Reply<P extends keyof paths, M extends keyof paths[P], S extends number> = paths[P][M] extends {
  responses: Record<S, { content: { "application/json": infer Answer } }>;
}
  ? Answer
  : never;

declare function post<P extends keyof paths>(path: P, body: Body<P, "post">): Promise<Reply<P, "post", 200>>;

function never(value: never): never {
  throw new Error(`unexpected: ${JSON.stringify(value)}`);
}

// Requests
const login: PostAuthLoginRequest = { email: "ada@example.com", password: "correct horse battery", client: { id: "web" } };
// @ts-expect-error a password is required
const withoutPassword: PostAuthLoginRequest = { email: "ada@example.com" };
// @ts-expect-error there is no such field
const withMore: PostAuthRegisterRequest = { email: "ada@example.com", password: "correct horse battery", role: "admin" };
// @ts-expect-error no such channel
const byPigeon: PostAuthOtpSendRequest = { channel: "pigeon", email: "ada@example.com" };
// A name is taken away with null; metadata is not.
const nameless: PatchAuthMeRequest = { name: null, metadata: { theme: "dark" } };
// @ts-expect-error metadata is an object
const dataless: PatchAuthMeRequest = { metadata: null };

// A login is a session, or what is missing for one.
export async function logIn(code: string): Promise<SessionGrant> {
  const answer: SignIn = await post("/auth/login", login);
  // @ts-expect-error not before it is known to be a session
  answer.access_token;
  if ("mfa" in answer) {
    const methods = answer.mfa.methods.map(methodName);
    // @ts-expect-error a challenge has no session
    answer.session;
    return post("/auth/mfa/verify", { token: answer.mfa.token, code: methods.length > 0 ? code : "" });
  }
  if ("mfa_enrollment" in answer) {
    const begun = answer.mfa_enrollment;
    const seconds: number = begun.expires_in;
    const confirmed: FactorConfirmation = await post("/auth/mfa/enroll/confirm", {
      token: begun.token,
      factor_id: String(seconds),
      code,
    });
    if ("access_token" in confirmed) {
      return confirmed;
    }
    const codes: string[] = confirmed.recovery_codes;
    throw new Error(codes.join());
  }
  const bearer: "Bearer" = answer.token_type;
  return { ...answer, token_type: bearer };
}

// Every word is handled: a new one is a compiler error here.
function methodName(method: MfaMethod): string {
  switch (method) {
    case "totp":
      return "authenticator app";
    case "recovery_code":
      return "recovery code";
    default:
      return never(method);
  }
}

function isUsed(factor: Factor): boolean {
  switch (factor.status) {
    case "verified":
      return true;
    case "pending":
      return false;
    default:
      return never(factor.status);
  }
}

// @ts-expect-error one word is missing, so the function can end without an answer
function isReady({ status }: Readiness): boolean {
  switch (status) {
    case "ready":
      return true;
    case "stopping":
      return false;
  }
}

export function welcome(answer: SignUp): string {
  if ("status" in answer) {
    const waits: ConfirmationRequired = answer;
    return waits.status;
  }
  return "user" in answer ? answer.user.email : answer.mfa_enrollment.token;
}

// Members that are always there, and those that may be missing.
export function shown(user: User, { sessions }: SessionList, { identities }: IdentityList): string {
  const id: string = user.id;
  const since: string = user.createdAt;
  const theme: unknown = user.metadata.theme;
  // @ts-expect-error a user may have no name
  const name: string = user.name;
  // @ts-expect-error metadata is anything until it was looked at
  const dark: string = user.metadata.theme;
  const isHere: boolean = sessions.some((session) => session.current);
  const mails = identities.map((identity) => identity.email ?? identity.provider);
  return [id, since, name, dark, theme, isHere, ...mails].join();
}

export function problems({ error }: Refused): string[] {
  const who = error.hook === undefined ? error.code : `${error.hook}: ${error.code}`;
  return [who, ...(error.details ?? []).map(({ field, problem }) => `${field} ${problem}`)];
}

export function isKnown(set: JwkSet, kid: string): boolean {
  return set.keys.some((key) => key.kid === kid && key.crv === "Ed25519");
}

// Members that are always there and may have no value: null, and never missing.
export function nextPage(list: UserList): string | undefined {
  // @ts-expect-error null on the last page
  const before: string = list.next;
  // @ts-expect-error every page says whether there is another one
  const page: UserList = { users: list.users };
  return list.next ?? `${before}${page.users.length}`;
}

export function lastLogin({ lastLoginAt }: AdminUser): Date | null {
  return lastLoginAt === null ? null : new Date(lastLoginAt);
}

export function isOver(state: JobState): boolean {
  switch (state) {
    case "waiting":
    case "running":
      return false;
    case "done":
    case "dead":
      return true;
    default:
      return never(state);
  }
}

// What has no name of its own is found by its operation.
type Query = NonNullable<operations["getWellKnownJwksJson"]["parameters"]["query"]>;
const query: Query = { project: "shop", environment: "production" };

export const unused = [withoutPassword, withMore, byPigeon, nameless, dataless, query, isUsed, isReady];

// What the types allow and refuse. Each `@ts-expect-error` is an assertion: the line must not compile.
import {
  AerocallError,
  type AfterSignup,
  type BeforeLogin,
  type BeforeSignup,
  type BeforeTokenIssue,
  type Config,
  type EventHandlers,
  type Hook,
  type KnownEvent,
  type WebhookMessage,
  Deny,
  defineConfig,
} from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = async (context, payload, Aerocall) => {
  // @ts-expect-error the user has no id before it is kept
  void payload.user.id;
  // @ts-expect-error a password is never read
  void payload.password?.text;
  if (context.request.ip === "203.0.113.1") throw new Aerocall.Deny("no", { code: "nope", status: 422 });
  const seen = await Aerocall.cache.increment(`signup:${context.request.ip}`, 1, { ttl: 60 });
  if (seen > 3) return { deny: { code: "too_many", message: "Later", status: 429 } };
  return { patch: { user: { email: payload.user.email.toLowerCase(), name: null, metadata: { source: "web" } } } };
};

export const nothing: BeforeLogin = () => {};
export const allows: BeforeLogin = () => ({ allow: true });
export const denies: BeforeLogin = () => ({ deny: true });
// @ts-expect-error a reply is one of allow, deny and patch
export const both: BeforeLogin = () => ({ allow: true, deny: true });
// @ts-expect-error there is no such field
export const wrongField: BeforeLogin = () => ({ patch: { user: { role: "admin" } } });
// @ts-expect-error to refuse, deny
export const refusesWrongly: BeforeLogin = () => ({ allow: false });
// @ts-expect-error what has happened cannot be refused
export const late: AfterSignup = () => ({ deny: true });
// @ts-expect-error a refresh does not change who somebody is
export const refreshed: Hook<"beforeTokenRefresh"> = () => ({ patch: { user: { email: "a@b.c" } } });
// @ts-expect-error who is deleted is not changed
export const deleted: Hook<"beforeUserDelete"> = () => ({ patch: { user: { name: "a" } } });
// @ts-expect-error nor can the address be changed any more
export const lateEmail: AfterSignup = () => ({ patch: { user: { email: "a@b.c" } } });

export const afterSignup: AfterSignup = async (_context, payload, Aerocall) => {
  await Aerocall.Queue.enqueue("welcome", { user: payload.user.id }, { delaySeconds: 60 });
  return { patch: { user: { publicMetadata: { welcomed: true } } } };
};

export const beforeTokenIssue: BeforeTokenIssue = (_context, { user, claims }) => ({
  patch: { claims: { ...claims, plan: user.publicMetadata["plan"] ?? "free" } },
});

export const on: EventHandlers = {
  "auth.signup": async (context, event, Aerocall) => {
    // @ts-expect-error events have no request for certain
    void context.request.ip;
    const { user, session } = event.data;
    Aerocall.log.info(user.email, session?.id ?? "none", event.type satisfies "auth.signup");
  },
  "queue.mails": (_context, job) => {
    console.log(job.data);
  },
  "cron.cleanup": (_context, event) => {
    console.log(new Date(event.data.scheduledAt));
  },
};

// @ts-expect-error there is no such event
export const typo: EventHandlers = { "auth.singup": () => {} };
// @ts-expect-error nor is there this one
export const mistyped: EventHandlers = { "auth.mfa.enroled": () => {} };
// @ts-expect-error a handler names one event, not a group
export const group: EventHandlers = { "auth.mfa.*": () => {} };
// @ts-expect-error a test of a webhook is for its receiver alone
export const test: EventHandlers = { "webhook.test": () => {} };
// @ts-expect-error there is no such hook point
export type Mistyped = Hook<"beforeSignUp">;

export const config: Config = defineConfig({ capabilities: { cache: true }, limits: { deadlineMs: 500 } });
export const scoped: Config = { capabilities: { http: ["api.example.com", "*.stripe.com"], secrets: ["crm_token"] } };
/** What came is told apart by its type. */
export function told(event: KnownEvent): string {
  switch (event.type) {
    case "auth.login.failed":
      return event.data.reason;
    case "auth.mfa.enrolled":
      return event.data.factor.type satisfies "totp";
    case "auth.otp.send":
      // @ts-expect-error: there need be no user
      return event.data.user.id;
    default:
      return event.subject ?? "nobody";
  }
}
export const received = (body: string): string => told(JSON.parse(body) as WebhookMessage);
export const factors: EventHandlers = {
  "auth.mfa.enrolled": (_context, event) => console.log(event.data.factor.id),
};

export const nightly: Config = { schedules: { cleanup: "0 3 * * *" }, order: { "auth.signup": "user.id" } };
// @ts-expect-error a schedule is a pattern
defineConfig({ schedules: { cleanup: 3 } });
// @ts-expect-error a list of hosts is a list
defineConfig({ capabilities: { http: "api.example.com" } });
// @ts-expect-error the cache has no parts
defineConfig({ capabilities: { cache: ["signups"] } });
// @ts-expect-error there is no such capability
defineConfig({ capabilities: { files: true } });

export async function globals(): Promise<boolean> {
  const mac = await crypto.subtle.digest("SHA-256", new TextEncoder().encode("x"));
  const answer = await fetch(new URL("/x", "https://example.com"), { signal: AbortSignal.timeout(100) });
  try {
    return answer.ok && (await answer.json()).ok && mac.byteLength === 32;
  } catch (error) {
    if (error instanceof AerocallError) return error.retryable;
    throw new Deny("no");
  }
}

export async function bodies(upload: Blob): Promise<string> {
  const form = new FormData();
  form.append("name", "x");
  form.append("file", new File([upload, "end"], "x.txt", { type: "text/plain" }));
  const first = new Request("https://example.com", { method: "POST", body: form });
  const again = new Request("https://example.org", first);
  const lines = new ReadableStream<Uint8Array>({ pull: (controller) => controller.close() });
  await fetch(again, { body: lines, duplex: "half" });
  for await (const chunk of again.body ?? []) return String(chunk.length);
  const value = (await again.formData()).get("file");
  return typeof value === "string" ? value : (value?.name ?? "none");
}

// @ts-expect-error there is nothing to write to
new ReadableStream().pipeThrough;

// @ts-expect-error hooks do not run in Node.js
void process.env;

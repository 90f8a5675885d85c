// What the types of tests allow and refuse. Each `@ts-expect-error` is an assertion: the line must not compile.
import { testCases, TestingError, testHook } from "@aerocall/hooks/testing";

const user = { email: "ada@example.com", metadata: {}, publicMetadata: {} };
const payload = { user, provider: "password", client: {} };

const signup = await testHook("hooks/signup.ts", {
  hook: "beforeSignup",
  payload,
  context: { request: { ip: "203.0.113.7", headers: { "x-tenant": "a" } }, time: "2026-02-03T04:05:06Z" },
  given: {
    cache: { "signup:203.0.113.7": 5 },
    users: [{ email: "ada@example.com", password: "correct horse" }],
    secrets: { a: "x", b: { value: "y", hosts: ["api.example.com"] } },
    http: [
      { request: { url: "https://api.example.com/" }, response: { status: 204 } },
      { request: { method: "POST", url: "https://api.example.com/" }, error: "timeout" },
    ],
  },
  fail: { "db.query#2": "timeout" },
  cwd: new URL("file:///project/"),
});
signup.decision satisfies "allow" | "deny" | "patch" | "failure";
if (signup.reply.kind === "patch") {
  signup.reply.patch.user?.email satisfies string | undefined;
  // @ts-expect-error there is no such field
  void signup.reply.patch.user?.role;
}
if (signup.reply.kind === "deny") signup.reply.status satisfies number;
// @ts-expect-error whether there is a patch has to be looked at
void signup.reply.patch;
// @ts-expect-error there is an error only if the hook failed
void signup.error.message;
[signup.error?.code, signup.error?.file, signup.error?.stack] satisfies (string | undefined)[];
[signup.fuel, signup.memoryPeakBytes, signup.milliseconds, signup.hostCalls[0]?.milliseconds] satisfies (number | undefined)[];
signup.logs[0]?.level satisfies string | undefined;

const event = await testHook(new URL("file:///project/"), { hook: "auth.signup", payload: { data: { user: { ...user, id: "usr_1" } } } });
event.hook satisfies "auth.signup";
// @ts-expect-error who handles an event changes nothing
event.reply.kind satisfies "patch";
await testHook("hooks/mails.ts", { hook: "queue.mails", payload: { data: { to: "ada@example.com" }, id: "evt_1" }, context: { attempt: 2 } });
await testHook("hooks/night.ts", { hook: "cron.cleanup", payload: { data: { scheduledAt: "2026-01-01T03:00:00Z" } } });

// @ts-expect-error there is no such hook point
await testHook("hooks/signup.ts", { hook: "beforeSingup", payload });
// @ts-expect-error a user who logs in has an id
await testHook("hooks/login.ts", { hook: "beforeLogin", payload });
// @ts-expect-error what is not known is not taken
await testHook("hooks/signup.ts", { hook: "beforeSignup", payload, context: { ip: "203.0.113.7" } });
// @ts-expect-error no call fails like that
await testHook("hooks/signup.ts", { hook: "beforeSignup", payload, fail: { "cache.get": "broken" } });

const cases = await testCases("examples/crm-sync", { filter: "colleagues", program: "/opt/aerocall" });
cases.filter((one) => !one.ok).flatMap((one) => one.problems) satisfies string[];
export const notFound = (thrown: unknown) => thrown instanceof TestingError && thrown.code === "program_not_found";

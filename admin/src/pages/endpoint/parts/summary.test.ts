import { describe, expect, it } from "vitest";
import { summaryOf } from "./summary.ts";

const file = (text: string, path = "hooks/signup.ts") => ({ path, text });

describe("what a hook does, read from its sources", () => {
  it("is the comment above it and what the code can do", () => {
    const source = `import type { BeforeSignup } from "@aerocall/hooks";

/**
 * Refuses addresses of free mail providers, and keeps
 * the others in lower case. Asked for by the sales team.
 */
export const beforeSignup: BeforeSignup = async (context, { user }, { cache, Deny }) => {
  await cache.increment("n", 1);
  if (FREE.has(user.email)) throw new Deny("no", { code: "free_mail", status: 403 });
  return { patch: { user: { email: user.email.toLowerCase() } } };
};
`;
    expect(summaryOf([file(source)], "beforeSignup")).toEqual({
      comment: "Refuses addresses of free mail providers, and keeps the others in lower case.",
      facts: "Denies with free_mail. Changes email. Counts or keeps values in the cache.",
    });
  });

  it("says of each handler of a file what that one does", () => {
    const source = `// Greets new users.
export const afterSignup: AfterSignup = async (_c, { user }, { Queue, db }) => {
  await db.execute("INSERT INTO signups (id) VALUES ($1)", [user.id]);
  await Queue.enqueue("greet", { to: user.email });
};

export const on: EventHandlers = {
  // Sends the greeting.
  "queue.greet": async (context, job, { auth }) => {
    await auth.sendEmail({ to: "a", subject: "b", text: "c" });
  },
};
`;
    expect(summaryOf([file(source)], "afterSignup")).toEqual({
      comment: "Greets new users.",
      facts: "Writes to signups. Enqueues greet.",
    });
    expect(summaryOf([file(source)], "queue.greet")).toEqual({
      comment: "Sends the greeting.",
      facts: "Sends a mail.",
    });
  });

  it("looks into the other files where there is one handler", () => {
    const source = `import { ask } from "../lib/risk.ts";
export async function beforeLogin(context) {
  return ask(context);
}
`;
    const lib = `export const ask = (context) => fetch("https://risk.example/ip"); // http://not.this`;
    expect(summaryOf([file(source), file(lib, "lib/risk.ts")], "beforeLogin")).toEqual({
      comment: null,
      facts: "Asks risk.example.",
    });
  });

  it("says nothing of what is not there", () => {
    expect(summaryOf([file("export const afterLogin = () => {};")], "afterLogin")).toEqual({
      comment: null,
      facts: null,
    });
    expect(summaryOf([file("export const afterLogin = () => {};")], "beforeLogin")).toEqual({
      comment: null,
      facts: null,
    });
    expect(summaryOf([], "beforeLogin")).toEqual({ comment: null, facts: null });
  });
});

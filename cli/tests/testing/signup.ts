// One file with every decision: the name of the user says which.
import type { BeforeSignup, EventHandlers } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = async (context, { user, password }, Aerocall) => {
  switch (user.name) {
    case "deny":
      return { deny: { code: "no", message: `not from ${context.request.ip}`, status: 422 } };
    case "patch":
      return { patch: { user: { metadata: { time: context.time, seen: (await Aerocall.cache.get("seen")) as string } } } };
    case "throw":
      throw new RangeError("too far");
    case "log":
      console.warn("strength", await password?.strength());
      return;
    case "fetch":
      return { patch: { user: { metadata: { status: (await fetch("https://api.example.com/")).status } } } };
    case "wait":
      await new Promise((done) => setTimeout(done, 60_000));
  }
};

export const on: EventHandlers = {
  "auth.signup": async (context, event, { Queue, log }) => {
    log.info(event.id, event.type, event.time, event.project, event.actor, context.attempt);
    await Queue.enqueue("welcome", { to: event.data.user.email });
  },
};

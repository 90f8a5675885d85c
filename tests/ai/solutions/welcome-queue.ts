import { Deny, type EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "queue.welcome": async (_context, job, { auth }) => {
    const message = job.data;
    const isObject = typeof message === "object" && message !== null && !Array.isArray(message);
    const id = isObject ? message["userId"] : undefined;
    if (typeof id !== "string") throw new Deny("the message names no user");
    const user = await auth.getUser(id);
    if (user === null) return;
    await auth.sendEmail({ to: user.email, subject: "Welcome", text: `Hello ${user.name ?? "there"}!` });
  },
};

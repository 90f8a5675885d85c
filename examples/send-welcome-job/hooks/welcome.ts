import type { AfterSignup, EventHandlers, Json } from "@aerocall/hooks";

/** What `afterSignup` puts into the queue; a handler cannot know who else did. */
function userIdOf(message: Json): string | undefined {
  const isObject = typeof message === "object" && message !== null && !Array.isArray(message);
  const id = isObject ? message["userId"] : undefined;
  return typeof id === "string" ? id : undefined;
}

export const afterSignup: AfterSignup = async (_context, { user, provider }, { Queue }) => {
  if (provider === "import") return;
  await Queue.enqueue("welcome", { userId: user.id }, { delaySeconds: 3_600, idempotencyKey: user.id });
};

export const on: EventHandlers = {
  "queue.welcome": async (_context, job, { auth, log }) => {
    const id = userIdOf(job.data);
    if (id === undefined) {
      // To throw would only bring the same message back.
      log.error(`${job.id} names no user`);
      return;
    }
    const user = await auth.getUser(id);
    if (user === null) return;
    const text = `Hello ${user.name ?? "there"},\n\nwelcome! Just answer this mail if anything is unclear.\n`;
    const { id: mail } = await auth.sendEmail({ to: user.email, subject: "Welcome", text });
    log.info(`${job.id}: mail ${mail}`);
  },
};

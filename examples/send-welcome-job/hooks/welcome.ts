import { type AfterSignup, Deny, type EventHandlers, type Json } from "@aerocall/hooks";

const hour = 3_600;

/** What `afterSignup` puts into the queue. Other hooks and older versions may have put in something else. */
function userIdOf(message: Json): string {
  const isObject = typeof message === "object" && message !== null && !Array.isArray(message);
  const id = isObject ? message["userId"] : undefined;
  if (typeof id === "string") return id;
  // Any other error would bring the same message back, to fail again.
  throw new Deny("the message names no user", { code: "not_a_welcome" });
}

/** The key makes two of these jobs one; a sign-up that does not happen leaves none. */
export const afterSignup: AfterSignup = async (_context, { user, provider }, { Queue }) => {
  if (provider === "import") return;
  await Queue.enqueue("welcome", { userId: user.id }, { delaySeconds: hour, idempotencyKey: user.id });
};

export const on: EventHandlers = {
  "queue.welcome": async (_context, job, { auth, log }) => {
    const id = userIdOf(job.data);
    const user = await auth.getUser(id);
    if (user === null) {
      log.info(`${id} is gone`);
      return;
    }
    const text = `Hello ${user.name ?? "there"},\n\nwelcome! Just answer this mail if anything is unclear.\n`;
    const { id: mail } = await auth.sendEmail({ to: user.email, subject: "Welcome", text });
    log.info(`${job.id}: mail ${mail}`);
  },
};

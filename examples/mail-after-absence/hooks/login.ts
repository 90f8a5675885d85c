import type { EventHandlers } from "@aerocall/hooks";

const absenceMs = 90 * 24 * 3_600_000;

export const on: EventHandlers = {
  "auth.login": async (_context, event, { auth, log }) => {
    // As the user is now: the event has them as they were.
    const user = await auth.getUser(event.data.user.id);
    if (user === null) return;
    const last = user.metadata["lastLoginAt"];
    if (typeof last === "string" && last >= event.time) return;
    await auth.updateUser(user.id, { metadata: { lastLoginAt: event.time } });
    if (typeof last !== "string" || Date.parse(event.time) - Date.parse(last) < absenceMs) return;
    const text = `Hello ${user.name ?? "there"},\n\nsomebody logged in to your account. If that was not you, please change your password.\n`;
    const { id } = await auth.sendEmail({ to: user.email, subject: "A login after a long time", text });
    log.info(`${event.id}: mail ${id}`);
  },
};

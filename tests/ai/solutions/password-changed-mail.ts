import type { EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "auth.password.changed": async (_context, event, { auth }) => {
    const text = "Your password was changed. If that was not you, please answer this mail.\n";
    await auth.sendEmail({ to: event.data.user.email, subject: "Your password was changed", text });
  },
};

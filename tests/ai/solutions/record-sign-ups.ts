import type { EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "auth.signup": async (_context, event, { db }) => {
    const { user } = event.data;
    await db.execute(
      "INSERT INTO signups (event, user_id, email) VALUES ($1, $2, $3) ON CONFLICT (event) DO NOTHING",
      [event.id, user.id, user.email],
    );
  },
};

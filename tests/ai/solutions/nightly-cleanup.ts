import { defineConfig, type EventHandlers } from "@aerocall/hooks";

export const config = defineConfig({ schedules: { cleanup: "0 3 * * *" } });

export const on: EventHandlers = {
  "cron.cleanup": async (_context, event, { db }) => {
    const before = new Date(Date.parse(event.data.scheduledAt) - 30 * 24 * 3_600_000);
    await db.execute("DELETE FROM carts WHERE touched_at < $1", [before]);
  },
};

import { defineConfig, type EventHandlers } from "@aerocall/hooks";

const day = 24 * 3_600_000;

export const config = defineConfig({ schedules: { cleanup: "0 3 * * *" } });

export const on: EventHandlers = {
  "auth.signup": async (_context, event, { db }) => {
    const { user } = event.data;
    const code = user.metadata["invitation"];
    if (typeof code !== "string") return;
    await db.execute(
      `INSERT INTO invitations (user_id, code, used_at) VALUES ($1, $2, $3) ON CONFLICT (user_id) DO NOTHING`,
      [user.id, code, new Date(event.time)],
    );
  },
  "cron.cleanup": async (_context, event, { db, log }) => {
    const before = new Date(Date.parse(event.data.scheduledAt) - 90 * day);
    const { rowsAffected } = await db.execute(`DELETE FROM invitations WHERE used_at < $1`, [before]);
    log.info(`${rowsAffected} invitations from before ${before.toISOString()} are gone`);
  },
};

import { defineConfig, type EventHandlers } from "@aerocall/hooks";

export const config = defineConfig({ schedules: { report: "30 6 * * 1" } });

export const on: EventHandlers = {
  "cron.report": async (_context, _event, { auth, db }) => {
    const [row] = await db.query<{ count: number }>("SELECT count(*) AS count FROM signups");
    await auth.sendEmail({ to: "ops@acme.example", subject: "Signups", text: `${row?.count ?? 0}\n` });
  },
};

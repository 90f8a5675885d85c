import type { EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "queue.invoices": async (_context, job, { db }) => {
    const { customer, cents } = job.data as { customer: string; cents: number };
    await db.execute(
      "INSERT INTO invoices (job, customer, cents) VALUES ($1, $2, $3) ON CONFLICT (job) DO NOTHING",
      [job.id, customer, cents],
    );
  },
};

import type { Aerocall, Event, EventHandlers, JsonObject, User } from "@aerocall/hooks";

type Recorded = "auth.signup" | "auth.login" | "auth.password.changed";

/**
 * One row per event. The same event can come twice, because a handler that failed is run again and a worker can die
 * between its work and the note that it is done: the event's id is the key.
 */
async function record(event: Event<Recorded>, user: User, details: JsonObject, { db, log }: Aerocall): Promise<void> {
  const { rowsAffected } = await db.execute(
    `INSERT INTO audit (id, at, event, user_id, details) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
    [event.id, new Date(event.time), event.type, user.id, details],
  );
  if (rowsAffected === 0) log.debug(`${event.id} was recorded before`);
}

function recordSession(event: Event<"auth.signup" | "auth.login">, Aerocall: Aerocall): Promise<void> {
  const { user, session } = event.data;
  return record(event, user, session ? { session: session.id } : {}, Aerocall);
}

export const on: EventHandlers = {
  "auth.signup": (_context, event, Aerocall) => recordSession(event, Aerocall),
  "auth.login": (_context, event, Aerocall) => recordSession(event, Aerocall),
  "auth.password.changed": (_context, event, Aerocall) => record(event, event.data.user, {}, Aerocall),
};

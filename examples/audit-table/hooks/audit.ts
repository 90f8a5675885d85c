import type { Aerocall, Context, Event, EventHandlers, JsonInput, User } from "@aerocall/hooks";

type Recorded = "auth.signup" | "auth.login" | "auth.password.changed";

/** One row per event. A handler that fails is run again, with the same event. */
async function record(event: Event<Recorded>, user: User, details: JsonInput, { db, log }: Aerocall): Promise<void> {
  if (user.metadata["robot"] === true) {
    log.debug(`${event.id}: robots are not recorded`);
    return;
  }
  await db.execute(
    `INSERT INTO audit (id, at, event, user_id, details) VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id) DO NOTHING`,
    [event.id, new Date(event.time), event.type, user.id, details],
  );
}

const withSession = (
  { attempt }: Context,
  event: Event<"auth.signup" | "auth.login">,
  Aerocall: Aerocall,
): Promise<void> => {
  const { user, session } = event.data;
  return record(event, user, { session: session.id, attempt }, Aerocall);
};

export const on: EventHandlers = {
  "auth.signup": withSession,
  "auth.login": withSession,
  "auth.password.changed": (_context, event, Aerocall) => record(event, event.data.user, {}, Aerocall),
};

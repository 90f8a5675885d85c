import type { Aerocall, Event, EventHandlers, User } from "@aerocall/hooks";

const contacts = "https://api.crm.example/v1/contacts";
const ownDomain = "@aerocall.example";

/** One request to the CRM. The event's id lets it see that it has had this one already. */
async function send(event: Event, user: User, { http, secrets, log }: Aerocall, init: RequestInit): Promise<void> {
  if (user.email.endsWith(ownDomain)) {
    log.info(`${event.id}: ${user.email} is one of us`);
    return;
  }
  const token = await secrets.get("crm_token");
  const answer = await http.fetch(`${contacts}/${encodeURIComponent(user.id)}`, {
    ...init,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", "idempotency-key": event.id },
  });
  if (answer.status === 429 || answer.status >= 500) throw new Error(`the CRM answers ${answer.status}`);
  if (!answer.ok) log.error(`${event.id}: the CRM refuses it with ${answer.status}: ${await answer.text()}`);
}

export const on: EventHandlers = {
  "auth.signup": (_context, event, Aerocall) => {
    const { user } = event.data;
    const contact = { email: user.email, name: user.name ?? null, since: event.time };
    return send(event, user, Aerocall, { method: "PUT", body: JSON.stringify(contact) });
  },
  "auth.user.deleted": (_context, event, Aerocall) => send(event, event.data.user, Aerocall, { method: "DELETE" }),
};

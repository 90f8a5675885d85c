import type { EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "auth.user.deleted": async (_context, event, { http, secrets }) => {
    const token = await secrets.get("crm_token");
    const url = `https://api.crm.example/v1/contacts/${encodeURIComponent(event.data.user.id)}`;
    const answer = await http.fetch(url, { method: "DELETE", headers: { authorization: `Bearer ${token}` } });
    if (!answer.ok && answer.status !== 404) throw new Error(`the CRM answers ${answer.status}`);
  },
};

import { Deny, type EventHandlers } from "@aerocall/hooks";

export const on: EventHandlers = {
  "queue.notify": async (_context, job, { http }) => {
    const { text } = job.data as { text: string };
    const answer = await http.post("https://hooks.example/in", { text });
    if (answer.status >= 500) throw new Error(`the receiver answers ${answer.status}`);
    if (!answer.ok) throw new Deny(`the receiver refuses it with ${answer.status}`);
  },
};

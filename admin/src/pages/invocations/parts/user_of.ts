// The user that a payload or an event is about, as far as it says so.

export type Named = { id: string; name: string };

export function userOf(payload: unknown): Named | null {
  const user = member(payload, "user") ?? member(member(payload, "data"), "user");
  const id = member(user, "id");
  if (typeof id !== "string" || id === "") return null;
  const email = member(user, "email");
  return { id, name: typeof email === "string" ? email : id };
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

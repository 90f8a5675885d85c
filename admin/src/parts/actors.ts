// Who did something, as the server writes it: `account:acc_1` is an account with its id, `server` the server itself. Pure.

export type ReadActor = { kind: string; id: string | null };

export function readActor(actor: string): ReadActor {
  const colon = actor.indexOf(":");
  return colon < 0 ? { kind: actor, id: null } : { kind: actor.slice(0, colon), id: actor.slice(colon + 1) || null };
}

const KINDS: Readonly<Record<string, string>> = {
  account: "an account",
  admin: "an admin token",
  token: "a personal token",
  key: "a secret key",
  user: "the user",
  hook: "the hook",
  server: "the server",
  anonymous: "somebody who was not signed in",
};

/** A kind that this page does not know is shown as it is. */
export function kindInWords(kind: string): string {
  return KINDS[kind] ?? kind;
}

/** Enough of an id to tell two of them apart; the key of a scope is a name, and stays whole. */
export function shortId(id: string): string {
  return id.length > 16 && !id.includes("/") ? `…${id.slice(-6)}` : id;
}

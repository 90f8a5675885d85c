// The server merges metadata that is sent (RFC 7396): this makes, of what there was and what is wanted, the patch that leads
// from one to the other.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

export function mergePatch(before: JsonObject, after: JsonObject): JsonObject {
  const patch: JsonObject = {};
  for (const name of Object.keys(before)) if (!Object.hasOwn(after, name)) patch[name] = null;
  for (const [name, value] of Object.entries(after)) {
    const old = Object.hasOwn(before, name) ? before[name] : undefined;
    if (isObject(old) && isObject(value)) {
      const inner = mergePatch(old, value);
      if (Object.keys(inner).length > 0) patch[name] = inner;
    } else if (old === undefined || !isSame(old, value)) patch[name] = value;
  }
  return patch;
}

/** A member that is `null` cannot be stored by a merge: `null` takes it away. The first such path, for a message. */
export function nullIn(value: Json, path = ""): string | undefined {
  if (!isObject(value)) return undefined;
  for (const [name, member] of Object.entries(value)) {
    const at = path ? `${path}.${name}` : name;
    if (member === null) return at;
    const inner = nullIn(member, at);
    if (inner) return inner;
  }
  return undefined;
}

/** What was typed as metadata: an object, or what is wrong with it. */
export function readMetadata(text: string): { value: JsonObject } | { problem: string } {
  let read: Json;
  try {
    read = JSON.parse(text.trim() === "" ? "{}" : text);
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.` };
  }
  if (!isObject(read)) return { problem: 'Metadata is a JSON object, such as {"plan": "gold"}.' };
  const empty = nullIn(read);
  if (empty) return { problem: `${empty} is null. Leave a member out to remove it; null cannot be stored.` };
  return { value: read };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isSame(one: Json, other: Json): boolean {
  if (one === other) return true;
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isSame(item, other[index] as Json));
  }
  if (!isObject(one) || !isObject(other)) return false;
  const names = Object.keys(one);
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isSame(one[name] as Json, other[name] as Json))
  );
}

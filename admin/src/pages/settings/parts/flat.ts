// Settings as a form has them: `{ password: { minChars: 8 } }` is `{ "password.minChars": 8 }`, so that a field has the name by
// which the server tells its problems.

export type Flat = Record<string, unknown>;

export function flatten(nested: object, prefix = ""): Flat {
  const flat: Flat = {};
  for (const [name, value] of Object.entries(nested)) {
    const path = `${prefix}${name}`;
    if (isObject(value)) Object.assign(flat, flatten(value, `${path}.`));
    else flat[path] = value;
  }
  return flat;
}

export function unflatten(flat: Flat): Record<string, unknown> {
  const nested: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(flat)) {
    const names = path.split(".");
    const last = names.pop() as string;
    let inner = nested;
    for (const name of names) {
      const next = isObject(inner[name]) ? inner[name] : {};
      inner[name] = next;
      inner = next;
    }
    inner[last] = value;
  }
  return nested;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// Where two values of JSON differ: the paths at which they do, with both sides. Objects are compared by name, lists by place.

export type Difference = { path: string; left: unknown; right: unknown; kind: "changed" | "added" | "removed" };

/** More are not listed: whoever compares two values that differ everywhere looks at the values. */
const MOST = 200;

export type Differences = { list: Difference[]; isCut: boolean };

export function differences(left: unknown, right: unknown): Differences {
  const list: Difference[] = [];
  collect(left, right, "", list);
  return { list: list.slice(0, MOST), isCut: list.length > MOST };
}

function collect(left: unknown, right: unknown, path: string, into: Difference[]): void {
  if (into.length > MOST || Object.is(left, right)) return;
  if (left === undefined || right === undefined) {
    into.push({ path, left, right, kind: left === undefined ? "added" : "removed" });
    return;
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    for (let at = 0; at < Math.max(left.length, right.length); at++)
      collect(left[at], right[at], `${path}[${at}]`, into);
    return;
  }
  if (isObject(left) && isObject(right)) {
    for (const name of new Set([...Object.keys(left), ...Object.keys(right)])) {
      collect(left[name], right[name], joined(path, name), into);
    }
    return;
  }
  into.push({ path, left, right, kind: "changed" });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function joined(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === "" ? name : `${path}.${name}`;
}

// JSON as the lines of a tree: which are shown while some are collapsed, and which a search finds. Knows nothing of React.

export type Line = {
  /** As in a program: `$.user["first name"][0]`. */
  path: string;
  depth: number;
  /** The name before the colon; none in a list and at the top. */
  name: string | null;
  /** `{` and `[` open a branch, `}` and `]` end it; else a value. */
  kind: "open" | "end" | "leaf";
  text: string;
  value: unknown;
  /** How many members a branch has. */
  size: number;
  isLast: boolean;
};

/** All lines of a value, a branch of which is closed where its path is in `closed`. */
export function linesOf(value: unknown, closed: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  add(lines, value, { path: "$", depth: 0, name: null, isLast: true }, closed);
  return lines;
}

type At = Pick<Line, "path" | "depth" | "name" | "isLast">;

function add(lines: Line[], value: unknown, at: At, closed: ReadonlySet<string>): void {
  const members = membersOf(value, at.path);
  if (!members) {
    lines.push({ ...at, kind: "leaf", text: leafText(value), value, size: 0 });
    return;
  }
  const [begin, end] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const isClosed = closed.has(at.path) || members.length === 0;
  const text = members.length === 0 ? begin + end : isClosed ? `${begin}…${end}` : begin;
  lines.push({ ...at, kind: "open", text, value, size: members.length });
  if (isClosed) return;
  members.forEach((member, index) => {
    const isLast = index === members.length - 1;
    add(lines, member.value, { path: member.path, depth: at.depth + 1, name: member.name, isLast }, closed);
  });
  lines.push({ ...at, name: null, kind: "end", text: end, value: undefined, size: 0 });
}

type Member = { path: string; name: string | null; value: unknown };

function membersOf(value: unknown, path: string): Member[] | null {
  if (Array.isArray(value)) return value.map((one, index) => ({ path: `${path}[${index}]`, name: null, value: one }));
  if (typeof value !== "object" || value === null) return null;
  return Object.entries(value).map(([name, one]) => ({ path: `${path}${step(name)}`, name, value: one }));
}

function step(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}

function leafText(value: unknown): string {
  return value === undefined ? "undefined" : JSON.stringify(value);
}

/** The branches that are closed at first: everything below a depth. */
export function closedBelow(value: unknown, depth: number): Set<string> {
  const closed = new Set<string>();
  const visit = (one: unknown, path: string, at: number) => {
    const members = membersOf(one, path);
    if (!members || members.length === 0) return;
    if (at >= depth) closed.add(path);
    for (const member of members) visit(member.value, member.path, at + 1);
  };
  visit(value, "$", 0);
  return closed;
}

/** The paths whose name or value has the text, and all branches above them. */
export function search(value: unknown, text: string): { found: Set<string>; above: Set<string> } {
  const wanted = text.toLowerCase();
  const found = new Set<string>();
  const above = new Set<string>();
  const visit = (one: unknown, path: string, name: string | null, parents: string[]) => {
    const members = membersOf(one, path);
    const isFound = name?.toLowerCase().includes(wanted) || (!members && leafText(one).toLowerCase().includes(wanted));
    if (isFound) {
      found.add(path);
      for (const parent of parents) above.add(parent);
    }
    for (const member of members ?? []) visit(member.value, member.path, member.name, [...parents, path]);
  };
  if (wanted) visit(value, "$", null, []);
  return { found, above };
}

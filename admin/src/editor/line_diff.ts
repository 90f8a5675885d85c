// What two texts differ in, line by line, as text: for those who do not want, or cannot use, two editors side by side.

export type DiffLine = {
  kind: "same" | "added" | "removed";
  text: string;
  before: number | null;
  after: number | null;
};
/** Lines that belong together, with some that are the same around them. */
export type Hunk = { lines: DiffLine[] };

const CONTEXT = 3;
/** Beyond this many differing lines the shortest way is not looked for: all is removed, then all added. */
const MOST_EDITS = 2000;

export function hunks(before: string, after: string): Hunk[] {
  const lines = lineDiff(split(before), split(after));
  const ranges: { from: number; to: number }[] = [];
  for (const [at, line] of lines.entries()) {
    if (line.kind === "same") continue;
    const last = ranges.at(-1);
    if (last && at - last.to <= 2 * CONTEXT) last.to = at;
    else ranges.push({ from: at, to: at });
  }
  return ranges.map(({ from, to }) => ({ lines: lines.slice(Math.max(0, from - CONTEXT), to + CONTEXT + 1) }));
}

export function lineDiff(before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end] === after[after.length - 1 - end]
  ) {
    end += 1;
  }
  const middle = edits(before.slice(start, before.length - end), after.slice(start, after.length - end));
  const kinds = [...same(start), ...middle, ...same(end)];
  return numbered(kinds, before, after);
}

type Kind = DiffLine["kind"];

function same(count: number): Kind[] {
  return Array.from({ length: count }, () => "same");
}

/** The shortest edit script (Myers 1986), as the kind of each line. */
function edits(a: readonly string[], b: readonly string[]): Kind[] {
  const most = Math.min(a.length + b.length, MOST_EDITS);
  const reach = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let d = 0; d <= most; d += 1) {
    trace.push(new Map(reach));
    for (let k = -d; k <= d; k += 2) {
      let x = isDown(reach, k, d) ? (reach.get(k + 1) ?? 0) : (reach.get(k - 1) ?? 0) + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x += 1;
      reach.set(k, x);
      if (x >= a.length && x - k >= b.length) return walkBack(trace, a.length, b.length);
    }
  }
  return [...a.map((): Kind => "removed"), ...b.map((): Kind => "added")];
}

function isDown(reach: Map<number, number>, k: number, d: number): boolean {
  return k === -d || (k !== d && (reach.get(k - 1) ?? -1) < (reach.get(k + 1) ?? -1));
}

function walkBack(trace: readonly Map<number, number>[], aLength: number, bLength: number): Kind[] {
  const kinds: Kind[] = [];
  let x = aLength;
  let y = bLength;
  for (let d = trace.length - 1; d >= 0; d -= 1) {
    const reach = trace[d] ?? new Map<number, number>();
    const k = x - y;
    const from = isDown(reach, k, d) ? k + 1 : k - 1;
    const fromX = reach.get(from) ?? 0;
    const fromY = fromX - from;
    while (x > fromX && y > fromY) {
      kinds.push("same");
      x -= 1;
      y -= 1;
    }
    if (d === 0) break;
    kinds.push(x === fromX ? "added" : "removed");
    x = fromX;
    y = fromY;
  }
  return kinds.reverse();
}

function numbered(kinds: readonly Kind[], before: readonly string[], after: readonly string[]): DiffLine[] {
  let a = 0;
  let b = 0;
  return kinds.map((kind) => {
    const line: DiffLine = {
      kind,
      text: (kind === "added" ? after[b] : before[a]) ?? "",
      before: kind === "added" ? null : a + 1,
      after: kind === "removed" ? null : b + 1,
    };
    if (kind !== "added") a += 1;
    if (kind !== "removed") b += 1;
    return line;
  });
}

function split(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === "") lines.pop();
  return lines;
}

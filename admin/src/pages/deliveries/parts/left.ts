// How long it is until something: two units are enough, and what is due is not said to be late.

const UNITS: [name: string, seconds: number][] = [
  ["d", 86_400],
  ["h", 3600],
  ["min", 60],
  ["s", 1],
];
const THIN = "\u2009";

/** Of milliseconds: `in 4 min 12 s`, `now`. */
export function left(milliseconds: number): string {
  let rest = Math.ceil(milliseconds / 1000);
  if (rest <= 0) return "now";
  const first = UNITS.findIndex(([, size]) => rest >= size);
  const parts: string[] = [];
  for (const [name, size] of UNITS.slice(first, first + 2)) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0) parts.push(`${count}${THIN}${name}`);
  }
  return `in ${parts.join(" ")}`;
}

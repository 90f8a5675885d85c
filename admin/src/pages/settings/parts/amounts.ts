// Numbers of settings in words: what 2592000 seconds or 33554432 bytes are.

const TIMES: [string, number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
];

const SIZES: [string, number][] = [
  ["GiB", 2 ** 30],
  ["MiB", 2 ** 20],
  ["KiB", 2 ** 10],
];

/** `5400` is `1 hour 30 minutes`: at most two units, exact or marked as `about`. */
export function timeInWords(seconds: number | null | undefined): string {
  if (!isCount(seconds)) return "";
  if (seconds === 0) return "none";
  const words: string[] = [];
  let rest = seconds;
  for (const [unit, length] of TIMES) {
    const count = Math.floor(rest / length);
    if (count === 0) continue;
    words.push(`${count.toLocaleString()} ${unit}${count === 1 ? "" : "s"}`);
    rest -= count * length;
    if (words.length === 2) break;
  }
  return rest > 0 ? `about ${words.join(" ")}` : words.join(" ");
}

/** `33554432` is `32 MiB`; what is no whole number of a unit has one decimal and is marked as `about`. */
export function sizeInWords(bytes: number | null | undefined): string {
  if (!isCount(bytes)) return "";
  const found = SIZES.find(([, size]) => bytes >= size);
  if (!found) return `${bytes.toLocaleString()} bytes`;
  const [unit, size] = found;
  const count = bytes / size;
  const shown = count.toLocaleString(undefined, { maximumFractionDigits: 1 });
  return Number.isInteger(count) ? `${shown} ${unit}` : `about ${shown} ${unit}`;
}

function isCount(value: number | null | undefined): value is number {
  return typeof value === "number" && Number.isFinite(value) && value >= 0;
}

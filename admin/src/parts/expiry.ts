// When something ends, as it is chosen in a form, and as the server takes it.

/** `length` is one of `LENGTHS`, `day` with a date, or `never`. */
export type Expiry = { length: string; day: string };

const DAY_MS = 86_400_000;

export const LENGTHS = [
  { id: "1", title: "In 1 day", days: 1 },
  { id: "7", title: "In 7 days", days: 7 },
  { id: "30", title: "In 30 days", days: 30 },
  { id: "90", title: "In 90 days", days: 90 },
  { id: "365", title: "In a year", days: 365 },
] as const;

export const NEVER: Expiry = { length: "never", day: "" };

/** The moment, as RFC 3339; `undefined` is never. A day that is no day is left for the server to refuse. */
export function momentOf(expiry: Expiry, now: number = Date.now()): string | undefined {
  if (expiry.length === "never") return undefined;
  if (expiry.length === "day") {
    const at = new Date(`${expiry.day}T00:00:00`);
    return Number.isNaN(at.getTime()) ? expiry.day || "no day" : at.toISOString();
  }
  const length = LENGTHS.find(({ id }) => id === expiry.length);
  return length ? new Date(now + length.days * DAY_MS).toISOString() : undefined;
}

/** `2027-01-31`, in the time zone of the browser. */
export function dayOf(at: number): string {
  const day = new Date(at);
  const two = (value: number) => String(value).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

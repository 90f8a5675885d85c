// Search parameters as types: what an address says is read here and nowhere else, and what it should not say is dropped.

/** Reads one parameter; none if it says nothing sensible. */
export type Reader<T> = (raw: string) => T | undefined;

export const text: Reader<string> = (raw) => (raw === "" ? undefined : raw.slice(0, 1000));

export const whole: Reader<number> = (raw) => (/^\d{1,15}$/.test(raw) ? Number(raw) : undefined);

/** On, or not in the address. */
export const flag: Reader<true> = (raw) => (raw === "1" || raw === "true" ? true : undefined);

/** A moment, as RFC 3339 in UTC: ranges in addresses are absolute, so that a link shows tomorrow what it shows today. */
export const moment: Reader<string> = (raw) => {
  const at = Date.parse(raw);
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

export function oneOf<const T extends string>(...values: readonly T[]): Reader<T> {
  return (raw) => values.find((value) => value === raw);
}

/** Several of the values, separated by commas. */
export function someOf<const T extends string>(...values: readonly T[]): Reader<T[]> {
  return (raw) => {
    const named = values.filter((value) => raw.split(",").includes(value));
    return named.length > 0 ? named : undefined;
  };
}

type Shape = Record<string, Reader<unknown>>;
export type SearchOf<S extends Shape> = { [K in keyof S]?: NonNullable<ReturnType<S[K]>> };

/** The `validateSearch` of a route: only the parameters named, each read by its reader. */
export function searchOf<S extends Shape>(shape: S): (raw: Record<string, unknown>) => SearchOf<S> {
  return (raw) => {
    const read: Record<string, unknown> = {};
    for (const [name, reader] of Object.entries(shape)) {
      const value = raw[name];
      if (value === undefined || value === null) continue;
      const found = reader(toText(value));
      if (found !== undefined) read[name] = found;
    }
    return read as SearchOf<S>;
  };
}

/** `?q=a&status=b` as a record of texts. */
export function parseSearch(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

/** The record as a query that a person can read: no JSON, lists with commas. */
export function formatSearch(search: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    if (value === undefined || value === null || value === "" || value === false) continue;
    query.set(name, toText(value));
  }
  const formatted = query.toString().replaceAll("%2C", ",").replaceAll("%3A", ":");
  return formatted === "" ? "" : `?${formatted}`;
}

function toText(value: unknown): string {
  if (value === true) return "1";
  return Array.isArray(value) ? value.join(",") : String(value);
}

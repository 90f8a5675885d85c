// Moments in a field of date and time: in the time zone of the browser, without saying it.

/** As such a field has it: `2026-11-30T10:15`. */
export function localOf(at: number): string {
  const date = new Date(at);
  return new Date(at - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** As the server reads it. */
export function momentOf(local: string): string {
  return new Date(local).toISOString();
}

// `Aerocall.log`: lines for the people who run the hook. Mirrors wit/log.wit; `console` writes to the same log.

/** Values are formatted as `console.log` does. Never sent to the client. */
export interface Log {
  debug(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
}

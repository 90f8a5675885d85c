// What an invocation has to say for itself, in one line: the error that ended it, what it denied with, else its last
// log line.
import type { Invocation } from "../../../api/queries/invocations.ts";

const LONGEST = 200;

export function gist(of: Pick<Invocation, "error" | "denial" | "logs">): string {
  if (of.error) return cut(`${of.error.name}: ${of.error.message}${placeOf(of.error)}`);
  if (of.denial) return cut(`${of.denial.code}: ${of.denial.message}`);
  return cut(of.logs.at(-1)?.message ?? "");
}

/** ` at hooks/signup.ts:6:11`, as far as it is known. */
export function placeOf(error: { file?: string; line?: number; column?: number }): string {
  if (!error.file) return "";
  const numbers = [error.line, error.column].filter((one) => one !== undefined);
  return ` at ${[error.file, ...numbers].join(":")}`;
}

function cut(text: string): string {
  const line = text.replaceAll(/\s+/g, " ").trim();
  return line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line;
}

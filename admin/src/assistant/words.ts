// Numbers and names of the assistant in words.
import type { HiddenCharacters, SummarySource } from "../api/queries/assistant.ts";
import { plural } from "../parts/format.ts";

/** An amount of money; a currency that the browser does not know is written as it is. */
export function money(amount: number, currency: string): string {
  const digits = amount !== 0 && Math.abs(amount) < 0.1 ? 4 : 2;
  try {
    return new Intl.NumberFormat(undefined, { style: "currency", currency, maximumFractionDigits: digits }).format(
      amount,
    );
  } catch {
    return `${amount.toFixed(digits)} ${currency}`;
  }
}

/** "3 characters that are not seen were removed of draft hooks/signup.ts: U+200B, U+202E". */
export function hiddenWords({ part, characters, count }: HiddenCharacters): string {
  const were = count === 1 ? "was" : "were";
  return `${plural(count, "character")} that nobody sees ${were} removed of ${part}: ${characters.join(", ")}`;
}

/** Where a summary is from. */
export function originWords(origin: SummarySource, model: string | null): string {
  return origin === "model" && model ? `by ${model}` : "from the code";
}

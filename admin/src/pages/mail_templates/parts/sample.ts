// Data that a preview is made with: samples of what the server gives a mail, or what was typed.
import type { OwnMailTemplate } from "../../../api/queries/mail_templates.ts";

export function sampleOf(own: OwnMailTemplate | undefined): Record<string, unknown> {
  return Object.fromEntries((own?.variables ?? []).map(({ name, sample }) => [name, sample]));
}

/** What was typed, or what is wrong with it. */
export function readData(text: string): { value: Record<string, unknown> } | { problem: string } {
  try {
    const read: unknown = JSON.parse(text.trim() === "" ? "{}" : text);
    if (typeof read === "object" && read !== null && !Array.isArray(read)) return { value: { ...read } };
    return { problem: "The data is a JSON object." };
  } catch (error) {
    return { problem: `This is not JSON: ${error instanceof Error ? error.message : "it cannot be read"}.` };
  }
}

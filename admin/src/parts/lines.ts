// Lists as they are typed into a field: one item on a line, or with commas between.

/** Without what is empty or there twice. */
export function readLines(text: string): string[] {
  const lines = text.split(/[\n,]/).map((line) => line.trim());
  return [...new Set(lines.filter((line) => line !== ""))];
}

// Characters that hide or change the direction of a text: shown as their code, so that what is read is what is there.

/** Control and format characters of Unicode (zero-width, direction marks, tags), but for those that lay out lines. */
const HIDDEN = /(?![\t\n\r])[\p{Cc}\p{Cf}]/gu;

export type Piece = { text: string; isHidden: boolean };

/** The text in pieces: what is seen as it is, and what is not seen as `U+200B`. */
export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (match.index > from) found.push({ text: text.slice(from, match.index), isHidden: false });
    const code = match[0].codePointAt(0) ?? 0;
    found.push({ text: `U+${code.toString(16).toUpperCase().padStart(4, "0")}`, isHidden: true });
    from = match.index + match[0].length;
  }
  if (from < text.length || found.length === 0) found.push({ text: text.slice(from), isHidden: false });
  return found;
}

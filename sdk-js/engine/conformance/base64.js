// atob and btoa (WHATWG forgiving base64).
export const cases = {
  encode: () => ["", "a", "ab", "abc", "\u00ff\u0000", "Hello, World!"].map((text) => btoa(text)),
  encodeWide: () => btoa("€"),
  encodeNumber: () => btoa(12),
  encodeNull: () => btoa(null),
  decode: () => ["", "YQ==", "YWI=", "YWJj", "YQ", "YWI"].map((text) => atob(text)),
  decodeSpaces: () => atob(" Y W\nJ\tj\f\r"),
  decodeBadCharacter: () => atob("YW*j"),
  decodeBadLength: () => atob("YWJjZ"),
  decodeBadPadding: () => atob("YQ="),
  decodePaddingInside: () => atob("YQ==YQ=="),
  decodeUrlAlphabet: () => atob("-_"),
  decodeTrailingBits: () => atob("YR==").charCodeAt(0),
  decodeNull: () => atob(null).length,
  errorIsDomException: () => { try { atob("*"); } catch (error) { return [error instanceof DOMException, error.code, error.name]; } },
  roundTrip: () => { const all = String.fromCharCode(...Array(256).keys()); return atob(btoa(all)) === all; },
};

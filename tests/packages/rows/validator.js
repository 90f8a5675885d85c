import validator from "validator";

const texts = ["jane@example.com", "x", "https://a.b/c?d", "192.168.0.1", "::1", "4111111111111111", "2026-01-01", "+4915112345678", "5e9d4f3a-7d1c-4b3e-9a51-0c6b9a3d2f10", "<b>"];

export const cases = {
  checks: () => ["isEmail", "isURL", "isIP", "isCreditCard", "isISO8601", "isMobilePhone", "isUUID", "isJWT", "isAlphanumeric", "isFQDN"].map((check) => texts.map((text) => validator[check](text))),
  normalizeEmail: () => ["Jane.Doe+x@GMail.com", "a@outlook.com", "x"].map((text) => validator.normalizeEmail(text)),
  escape: () => [validator.escape("<a href='x'>"), validator.unescape("&lt;b&gt;"), validator.trim("  a "), validator.stripLow("a\u0001b")],
  strength: () => [validator.isStrongPassword("aB3$xxxx"), validator.isStrongPassword("weak", { returnScore: true })],
  notText: () => validator.isEmail(5),
};

import { expect, test } from "vitest";
import { previewDocument } from "./preview_document.ts";

test("styles get the nonce, scripts do not", () => {
  const made = previewDocument("<style>p{color:red}</style><p>Hello</p><script>alert(1)</script>", "n0nce");
  expect(made).toContain('<style nonce="n0nce">');
  expect(made).not.toContain("<script nonce");
  expect(made).toContain("<p>Hello</p>");
});

test("a nonce that a mail brings along is replaced", () => {
  expect(previewDocument('<style nonce="x">p{}</style>', "n0nce")).not.toContain('nonce="x"');
});

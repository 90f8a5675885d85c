import { expect, test } from "vitest";
import { previewDocument } from "./preview_document.ts";

test("styles get the nonce, scripts and other elements do not", () => {
  const html = "<STYLE>p{color:red}</STYLE><p>Hello</p><styled></styled><script>alert(1)</script>";
  expect(previewDocument(html, "n0nce")).toBe(
    '<style nonce="n0nce">p{color:red}</STYLE><p>Hello</p><styled></styled><script>alert(1)</script>',
  );
});

test("a nonce that a mail brings along does not count", () => {
  expect(previewDocument('<style nonce="x">p{}</style>', "n0nce")).toBe('<style nonce="n0nce" nonce="x">p{}</style>');
});

test("without a policy there is no nonce to give", () => {
  expect(previewDocument("<style>p{}</style>", null)).toBe("<style>p{}</style>");
});

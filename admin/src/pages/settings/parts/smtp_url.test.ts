import { expect, test } from "vitest";
import { NO_SERVER, readSmtpUrl, toSmtpUrl } from "./smtp_url.ts";

test.each([
  ["smtp://user@mail.example.com:587", { security: "smtp", host: "mail.example.com", port: "587", user: "user" }],
  ["smtps://a%40b.example@mail.example.com:465", { security: "smtps", host: "mail.example.com", user: "a@b.example" }],
  ["smtp+plain://127.0.0.1:25", { security: "smtp+plain", host: "127.0.0.1", port: "25", user: "" }],
  ["smtps://[2001:db8::1]", { security: "smtps", host: "[2001:db8::1]", port: "465" }],
])("%s is shown in parts and sent as it was", (url, parts) => {
  const read = readSmtpUrl(url);
  expect(read).toMatchObject(parts);
  expect(readSmtpUrl(toSmtpUrl(read))).toEqual(read);
});

test("a password is encoded, and never read back", () => {
  const url = toSmtpUrl({ ...NO_SERVER, host: "mail.example", user: "u", password: "p@ss:/w" });
  expect(url).toBe("smtp://u:p%40ss%3A%2Fw@mail.example:587");
  expect(readSmtpUrl(url).password).toBe("");
});

test("nothing is an empty form", () => expect(readSmtpUrl(null)).toEqual(NO_SERVER));

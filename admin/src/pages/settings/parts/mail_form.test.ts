import { expect, test } from "vitest";
import { fromMail, toMailRequest } from "./mail_form.ts";

test("without a server of its own, nothing of one is sent", () => {
  const form = fromMail({ smtpUrl: null, from: null, replyTo: null });
  expect(form.sender).toBe("server");
  expect(toMailRequest({ ...form, replyTo: " help@example.com " })).toEqual({ replyTo: "help@example.com" });
  expect(toMailRequest({ ...form, host: "left.over", from: "a@example.com" })).toEqual({});
});

test("with one, its address and the sender are", () => {
  const form = fromMail({ smtpUrl: "smtp://user@mail.example:587", from: "a@example.com", replyTo: null });
  expect(form).toMatchObject({ sender: "own", host: "mail.example", user: "user" });
  expect(toMailRequest(form)).toEqual({ smtpUrl: "smtp://user@mail.example:587", from: "a@example.com" });
});

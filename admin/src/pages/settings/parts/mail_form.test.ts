import { expect, test } from "vitest";
import { fromMail, toMailRequest } from "./mail_form.ts";

test("without a server of its own, nothing of one is sent", () => {
  const form = fromMail({ smtpUrl: null, from: null, replyTo: null });
  expect(form.sender).toBe("server");
  expect(toMailRequest({ ...form, replyTo: " help@example.com " })).toEqual({ replyTo: "help@example.com" });
  expect(toMailRequest({ ...form, smtpUrl: "smtp://left.over", from: "a@example.com" })).toEqual({});
});

test("with one, its address and the sender are", () => {
  const form = fromMail({ smtpUrl: "smtp://user@mail.example", from: "a@example.com", replyTo: null });
  expect(form).toMatchObject({ sender: "own", isStored: true });
  expect(toMailRequest(form)).toEqual({ smtpUrl: "smtp://user@mail.example", from: "a@example.com" });
});

import { expect, test } from "vitest";
import type { MailTemplate, OwnMailTemplate } from "../../../api/queries/mail_templates.ts";
import { rowsOf } from "./rows.ts";

const own = {
  name: "otp",
  about: "Has a code.",
  subject: "Your code",
  text: "",
  html: null,
  variables: [],
} satisfies OwnMailTemplate;
const template = (name: string): MailTemplate => ({
  name,
  subject: `Subject of ${name}`,
  text: "",
  html: null,
  updatedAt: "",
});

test("a mail of the server is one row, with the template that replaces it", () => {
  expect(rowsOf([own], []).own).toEqual([
    { name: "otp", about: "Has a code.", subject: "Your code", template: undefined },
  ]);
  const { own: rows, others } = rowsOf([own], [template("welcome"), template("otp")]);
  expect(rows.map(({ name, subject }) => [name, subject])).toEqual([["otp", "Subject of otp"]]);
  expect(others.map(({ name }) => name)).toEqual(["welcome"]);
});

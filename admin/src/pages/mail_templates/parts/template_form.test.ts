import { expect, test } from "vitest";
import { fromTemplate, toPreview, toTemplate } from "./template_form.ts";

const OWN = { name: "otp", about: "", subject: "Your code", text: "{{ code }}", html: null, variables: [] };

test("without a template, the words of the server are what is edited", () => {
  expect(fromTemplate(undefined, OWN)).toEqual({ subject: "Your code", text: "{{ code }}", html: "" });
  const template = { name: "otp", subject: "Code", text: null, html: "<b>{{ code }}</b>", updatedAt: "" };
  expect(fromTemplate(template, OWN)).toEqual({ subject: "Code", text: "", html: "<b>{{ code }}</b>" });
  expect(fromTemplate(undefined, undefined)).toEqual({ subject: "", text: "", html: "" });
});

test("a part that is empty is left out when it is stored, and said to be empty in a preview", () => {
  const form = { subject: "Code", text: " ", html: "<b>1</b>" };
  expect(toTemplate(form)).toEqual({ subject: "Code", html: "<b>1</b>" });
  expect(toPreview(form)).toEqual({ subject: "Code", text: null, html: "<b>1</b>" });
});

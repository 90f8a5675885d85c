// A template as the form has it.
import type { MailTemplate, PutMailTemplatesNameRequest } from "../../../api/queries/mail_templates.ts";

export type TemplateForm = { subject: string; text: string; html: string };

export const TEMPLATE_NAMES: { readonly [K in keyof TemplateForm]: string } = {
  subject: "Subject",
  text: "Text",
  html: "HTML",
};

export function fromTemplate(template: MailTemplate | undefined): TemplateForm {
  return { subject: template?.subject ?? "", text: template?.text ?? "", html: template?.html ?? "" };
}

/** A part that is empty is no part. */
export function toTemplate({ subject, text, html }: TemplateForm): PutMailTemplatesNameRequest {
  return { subject, ...(text.trim() ? { text } : {}), ...(html.trim() ? { html } : {}) };
}

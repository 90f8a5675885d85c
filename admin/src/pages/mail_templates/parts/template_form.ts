// A template as the form has it.
import type {
  MailTemplate,
  OwnMailTemplate,
  PutMailTemplatesNameRequest,
} from "../../../api/queries/mail_templates.ts";

export type TemplateForm = { subject: string; text: string; html: string };

export const TEMPLATE_NAMES: { readonly [K in keyof TemplateForm]: string } = {
  subject: "Subject",
  text: "Text",
  html: "HTML",
};

/** What is edited: the template, or the words of the server, which are the first draft of one. */
export function fromTemplate(template: MailTemplate | undefined, own: OwnMailTemplate | undefined): TemplateForm {
  const source = template ?? own;
  return { subject: source?.subject ?? "", text: source?.text ?? "", html: source?.html ?? "" };
}

/** A part that is empty is no part. */
export function toTemplate({ subject, text, html }: TemplateForm): PutMailTemplatesNameRequest {
  return { subject, ...(text.trim() ? { text } : {}), ...(html.trim() ? { html } : {}) };
}

/** For a preview, what is empty is said: what is left out would be taken from the template that is stored. */
export function toPreview({ subject, text, html }: TemplateForm): {
  subject: string;
  text: string | null;
  html: string | null;
} {
  return { subject, text: text.trim() ? text : null, html: html.trim() ? html : null };
}

// Templates as the list shows them: the mails of the server, replaced or not, and the rest.
import type { MailTemplate } from "../../../api/queries/mail_templates.ts";
import { OWN_MAILS } from "./own_mails.ts";

export type Row = { name: string; about: string; template: MailTemplate | undefined };

export function rowsOf(templates: readonly MailTemplate[]): { own: Row[]; others: Row[] } {
  const own = OWN_MAILS.map(({ name, about }) => ({
    name,
    about,
    template: templates.find((one) => one.name === name),
  }));
  const others = templates
    .filter((one) => !OWN_MAILS.some(({ name }) => name === one.name))
    .map((template) => ({ name: template.name, about: "", template }));
  return { own, others };
}

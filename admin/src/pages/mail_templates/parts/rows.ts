// Templates as the list shows them: the mails of the server, replaced or not, and the rest.
import type { MailTemplate, OwnMailTemplate } from "../../../api/queries/mail_templates.ts";

export type Row = { name: string; about: string; subject: string; template: MailTemplate | undefined };

export function rowsOf(
  ofServer: readonly OwnMailTemplate[],
  templates: readonly MailTemplate[],
): { own: Row[]; others: Row[] } {
  const own = ofServer.map(({ name, about, subject }) => {
    const template = templates.find((one) => one.name === name);
    return { name, about, subject: template?.subject ?? subject, template };
  });
  const others = templates
    .filter((one) => !ofServer.some(({ name }) => name === one.name))
    .map((template) => ({ name: template.name, about: "", subject: template.subject, template }));
  return { own, others };
}

// What a mail was made from, in words: the server's own mails have names of their own.

const OWN = "aerocall-";

export function templateInWords(template: string | null): string {
  if (template === null) return "a hook";
  return template.startsWith(OWN) ? `the server: ${template.slice(OWN.length)}` : `the template ${template}`;
}

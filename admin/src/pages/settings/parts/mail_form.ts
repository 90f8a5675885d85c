// Mail settings as the form has them.
import type { MailSettings } from "../../../api/queries/settings.ts";
import { readSmtpUrl, type SmtpServer, toSmtpUrl } from "./smtp_url.ts";

export type MailForm = SmtpServer & { sender: "server" | "own"; from: string; replyTo: string };

export const MAIL_NAMES: { readonly [K in keyof MailForm]: string } = {
  sender: "Mails are sent by",
  security: "Encryption",
  host: "Host",
  port: "Port",
  user: "User",
  password: "Password",
  from: "Sender",
  replyTo: "Address for replies",
};

export function fromMail(stored: MailSettings): MailForm {
  return {
    ...readSmtpUrl(stored.smtpUrl),
    sender: stored.smtpUrl ? "own" : "server",
    from: stored.from ?? "",
    replyTo: stored.replyTo ?? "",
  };
}

/** What is empty is left out: the server's own takes its place. */
export function toMailRequest(form: MailForm): { smtpUrl?: string; from?: string; replyTo?: string } {
  const replyTo = form.replyTo.trim();
  return {
    ...(form.sender === "own" ? { smtpUrl: toSmtpUrl(form), from: form.from.trim() } : {}),
    ...(replyTo ? { replyTo } : {}),
  };
}

// Mail settings as the form has them.
import type { MailSettings } from "../../../api/queries/settings.ts";

export type MailForm = {
  sender: "server" | "own";
  smtpUrl: string;
  from: string;
  replyTo: string;
  /** Whether an SMTP server is stored: then its password is, too, and is not part of `smtpUrl`. */
  isStored: boolean;
};

export const MAIL_NAMES = {
  sender: "Mails are sent by",
  smtpUrl: "Address of the SMTP server",
  from: "Sender",
  replyTo: "Address for replies",
};

export function fromMail(stored: MailSettings): MailForm {
  return {
    sender: stored.smtpUrl ? "own" : "server",
    smtpUrl: stored.smtpUrl ?? "",
    from: stored.from ?? "",
    replyTo: stored.replyTo ?? "",
    isStored: stored.smtpUrl !== null,
  };
}

/** What is empty is left out: the server's own takes its place. */
export function toMailRequest(form: MailForm): { smtpUrl?: string; from?: string; replyTo?: string } {
  const replyTo = form.replyTo.trim();
  return {
    ...(form.sender === "own" ? { smtpUrl: form.smtpUrl.trim(), from: form.from.trim() } : {}),
    ...(replyTo ? { replyTo } : {}),
  };
}

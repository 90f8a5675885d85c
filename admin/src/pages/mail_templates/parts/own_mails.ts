// The mails that the server sends by itself. A template of the same name takes the place of its words.

export type OwnMail = { name: string; about: string };

/** As in docs/architecture.md, "One-time tokens and codes". */
export const OWN_MAILS: readonly OwnMail[] = [
  { name: "confirm-email", about: "Asks for the confirmation of an email address after a sign-up." },
  { name: "reset-password", about: "Has the link to a new password." },
  { name: "password-changed", about: "Says that the password was changed." },
  { name: "magic-link", about: "Has a link that logs in." },
  { name: "otp", about: "Has a code of six digits that logs in." },
  { name: "change-email", about: "Asks the new address for the confirmation of a change." },
  { name: "email-changing", about: "Tells the old address that a change was asked for." },
  { name: "account-exists", about: "Tells the owner of an address that somebody tried to sign up with it." },
];

/** What these mails can name. */
export const DATA: readonly { name: string; about: string }[] = [
  { name: "app", about: "the name of the project" },
  { name: "email", about: "the address of the user" },
  { name: "link", about: "where the link leads, if the project has a redirect URL" },
  { name: "token", about: "what to paste if there is no link" },
  { name: "code", about: "the six digits" },
  { name: "minutes", about: "how long it works" },
];

import type { BeforePasswordResetRequest } from "@aerocall/hooks";

export const beforePasswordResetRequest: BeforePasswordResetRequest = (_context, { email }) => {
  if (!email.toLowerCase().endsWith("@acme.example")) return;
  return { deny: { code: "use_sso", message: "Please log in with your company's account", status: 403 } };
};

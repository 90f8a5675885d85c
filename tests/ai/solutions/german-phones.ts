import type { BeforeOtpSend } from "@aerocall/hooks";

export const beforeOtpSend: BeforeOtpSend = (_context, { channel, to }) => {
  if (channel !== "sms" || to.startsWith("+49")) return;
  return { deny: { code: "country_not_supported", message: "We cannot send codes to this country", status: 403 } };
};

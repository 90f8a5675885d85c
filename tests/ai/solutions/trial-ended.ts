import type { BeforeLogin } from "@aerocall/hooks";

export const beforeLogin: BeforeLogin = (context, { user }) => {
  const end = user.metadata["trialEndsAt"];
  if (typeof end !== "string" || Date.parse(context.time) < Date.parse(end)) return;
  return { deny: { code: "trial_ended", message: "Your trial has ended", status: 402 } };
};

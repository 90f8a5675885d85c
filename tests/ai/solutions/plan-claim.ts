import type { BeforeTokenIssue } from "@aerocall/hooks";

export const beforeTokenIssue: BeforeTokenIssue = (_context, { user, claims }) => {
  const plan = user.metadata["plan"];
  return { patch: { claims: { ...claims, plan: plan === "team" || plan === "enterprise" ? plan : "free" } } };
};

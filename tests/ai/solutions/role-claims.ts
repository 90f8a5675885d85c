import type { BeforeTokenIssue } from "@aerocall/hooks";

export const beforeTokenIssue: BeforeTokenIssue = (_context, { user, claims }) => {
  const roles = user.metadata["roles"];
  const texts = Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : [];
  return { patch: { claims: { ...claims, roles: texts } } };
};

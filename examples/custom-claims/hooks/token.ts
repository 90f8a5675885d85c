import type { BeforeTokenIssue, JsonObject } from "@aerocall/hooks";

const plans = ["free", "team", "enterprise"] as const;
type Plan = (typeof plans)[number];

function planOf(metadata: JsonObject): Plan {
  return plans.find((plan) => plan === metadata["plan"]) ?? "free";
}

function rolesOf(metadata: JsonObject): string[] {
  const roles = metadata["roles"];
  return Array.isArray(roles) ? roles.filter((role) => typeof role === "string") : [];
}

/** Puts what the project's own services decide on into the access token, so that they need not ask. */
export const beforeTokenIssue: BeforeTokenIssue = (_context, { user, claims }, Aerocall) => {
  if (user.metadata["suspended"] === true) {
    throw new Aerocall.Deny("This account is suspended", { code: "account_suspended", status: 403 });
  }
  return { patch: { claims: { ...claims, plan: planOf(user.metadata), roles: rolesOf(user.metadata) } } };
};

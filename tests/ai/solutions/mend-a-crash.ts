import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = (_context, { client }) => {
  const data = client.data;
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  const plan = isObject ? data["plan"] : undefined;
  return { patch: { user: { metadata: { plan: typeof plan === "string" ? plan.toLowerCase() : "free" } } } };
};

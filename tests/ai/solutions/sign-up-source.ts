import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = (_context, { client }) => {
  const data = client.data;
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  const source = isObject ? data["source"] : undefined;
  return { patch: { user: { metadata: { source: typeof source === "string" ? source : "web" } } } };
};

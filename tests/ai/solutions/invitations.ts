import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = async (_context, { client }, { db }) => {
  const data = client.data;
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  const code = isObject ? data["code"] : undefined;
  if (typeof code === "string") {
    const rows = await db.query("SELECT code FROM invitations WHERE code = $1 AND open", [code]);
    if (rows.length > 0) return;
  }
  return { deny: { code: "invalid_invitation", message: "Sign-up needs an invitation", status: 403 } };
};

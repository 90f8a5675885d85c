import type { BeforeLogin } from "@aerocall/hooks";

export const beforeLogin: BeforeLogin = ({ request }, { user }) => {
  const allowed = user.metadata["allowedIps"];
  if (!Array.isArray(allowed) || allowed.includes(request.ip)) return;
  return { deny: { code: "wrong_network", message: "Please log in from your office", status: 403 } };
};

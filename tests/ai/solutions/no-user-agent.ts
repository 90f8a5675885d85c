import type { BeforeSignup } from "@aerocall/hooks";

export const beforeSignup: BeforeSignup = ({ request }) => {
  if (request.userAgent === "") return { deny: { code: "bot", message: "Please use a browser", status: 403 } };
};

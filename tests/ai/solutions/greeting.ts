import type { AfterSignup } from "@aerocall/hooks";

export const afterSignup: AfterSignup = ({ request }) => {
  const greeting = request.locale.split("-")[0] === "de" ? "Willkommen" : "Welcome";
  return { patch: { user: { publicMetadata: { greeting } } } };
};

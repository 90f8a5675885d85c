import type { BeforeTokenIssue } from "@aerocall/hooks";

export const beforeTokenIssue: BeforeTokenIssue = (_context, { user }, Aerocall) => {
  if (user.metadata["verified"] === true) return;
  throw new Aerocall.Deny("Please verify your account first", { code: "not_verified", status: 403 });
};

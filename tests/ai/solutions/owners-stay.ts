import type { BeforeUserDelete } from "@aerocall/hooks";

export const beforeUserDelete: BeforeUserDelete = (_context, { user }) => {
  if (user.metadata["role"] !== "owner") return;
  return { deny: { code: "owner_cannot_leave", message: "Name another owner first", status: 409 } };
};

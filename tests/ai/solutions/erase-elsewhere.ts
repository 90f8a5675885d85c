import type { AfterUserDelete } from "@aerocall/hooks";

export const afterUserDelete: AfterUserDelete = async (_context, { user }, { Queue }) => {
  await Queue.enqueue("erase", { userId: user.id }, { idempotencyKey: user.id });
};

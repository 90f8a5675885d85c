import { expect, test } from "vitest";
import type { AdminUser } from "../../../api/queries/users.ts";
import { fromUser, patchOf } from "./profile_form.ts";

const USER = {
  id: "usr_1",
  email: "ada@example.com",
  emailVerified: true,
  phone: "+4930123456",
  phoneVerified: false,
  metadata: { theme: "dark", seen: { tour: true } },
  publicMetadata: {},
} as unknown as AdminUser;

test("what was not touched is not sent", () => expect(patchOf(USER, fromUser(USER))).toEqual({}));

test("what is emptied is taken away", () => {
  const form = { ...fromUser(USER), name: " ", phone: "" };
  expect(patchOf(USER, form)).toEqual({ phone: null });
});

test("a new address says whether it is verified, because it would not be", () => {
  const form = { ...fromUser(USER), email: "countess@example.com" };
  expect(patchOf(USER, form)).toEqual({ email: "countess@example.com", emailVerified: true });
  expect(patchOf(USER, { ...form, emailVerified: false })).toEqual({
    email: "countess@example.com",
    emailVerified: false,
  });
});

test("of metadata, the merge that leads to what was typed is sent", () => {
  const form = {
    ...fromUser(USER),
    metadata: '{"seen": {"tour": true, "tips": 1}}',
    publicMetadata: '{"plan":"gold"}',
  };
  expect(patchOf(USER, form)).toEqual({
    metadata: { theme: null, seen: { tips: 1 } },
    publicMetadata: { plan: "gold" },
  });
});

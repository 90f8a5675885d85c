// A user as the form has them, and the change that leads from what is stored to what was typed.
import type { AdminUser, PatchUsersUserRequest } from "../../../api/queries/users.ts";
import { isObject, type JsonObject, mergePatch, readMetadata } from "./merge_patch.ts";

export type ProfileForm = {
  email: string;
  emailVerified: boolean;
  name: string;
  phone: string;
  phoneVerified: boolean;
  /** As text, because it is typed. */
  metadata: string;
  publicMetadata: string;
};

export const PROFILE_NAMES: { readonly [K in keyof ProfileForm]: string } = {
  email: "Email address",
  emailVerified: "The email address is verified",
  name: "Name",
  phone: "Phone number",
  phoneVerified: "The phone number is verified",
  metadata: "Metadata",
  publicMetadata: "Public metadata",
};

export function fromUser(user: AdminUser): ProfileForm {
  return {
    email: user.email,
    emailVerified: user.emailVerified,
    name: user.name ?? "",
    phone: user.phone ?? "",
    phoneVerified: user.phoneVerified ?? false,
    metadata: JSON.stringify(user.metadata, null, 2),
    publicMetadata: JSON.stringify(user.publicMetadata, null, 2),
  };
}

/** Only what changed: what somebody else changes meanwhile stays. */
export function patchOf(user: AdminUser, form: ProfileForm): PatchUsersUserRequest {
  const before = fromUser(user);
  const patch: Record<string, unknown> = {};
  const email = form.email.trim();
  if (email !== before.email) patch.email = email;
  // The server takes a new address for one that is not verified, so what is ticked beside it is always said.
  if (form.emailVerified !== before.emailVerified || (patch.email && form.emailVerified)) {
    patch.emailVerified = form.emailVerified;
  }
  if (form.name.trim() !== before.name) patch.name = form.name.trim() || null;
  const phone = form.phone.trim();
  if (phone !== before.phone) patch.phone = phone || null;
  if (phone && (form.phoneVerified !== before.phoneVerified || (patch.phone && form.phoneVerified))) {
    patch.phoneVerified = form.phoneVerified;
  }
  for (const name of ["metadata", "publicMetadata"] as const) {
    const change = metadataPatch(user[name], form[name]);
    if (change) patch[name] = change;
  }
  return patch;
}

function metadataPatch(stored: unknown, typed: string): JsonObject | undefined {
  const read = readMetadata(typed);
  if ("problem" in read) return undefined;
  const patch = mergePatch(isObject(stored) ? stored : {}, read.value);
  return Object.keys(patch).length > 0 ? patch : undefined;
}

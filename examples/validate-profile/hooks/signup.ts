import type { BeforeSignup, JsonObject } from "@aerocall/hooks";
import * as z from "zod";

const Profile = z.object({
  company: z.string().trim().min(2).max(100),
  size: z.coerce.number().int().positive().max(1_000_000),
  website: z.url({ protocol: /^https$/ }).optional(),
});

/** Refuses sign-ups whose `client.data` is no profile; keeps what it is, with its types put right. */
export const beforeSignup: BeforeSignup = (_context, payload, Aerocall) => {
  const read = Profile.safeParse(payload.client.data ?? {});
  if (!read.success) {
    const [issue] = read.error.issues;
    const field = issue?.path.join(".") || "profile";
    throw new Aerocall.Deny(`${field}: ${issue?.message ?? "is not right"}`, { code: "invalid_profile", status: 422 });
  }
  const profile: JsonObject = read.data;
  return { patch: { user: { metadata: { profile } } } };
};

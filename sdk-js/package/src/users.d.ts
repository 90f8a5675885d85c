// The user and what belongs to one, as hooks and events see them.
import type { JsonObject } from "./json.js";

/** A user. */
export interface User {
  /** `usr_…` */
  readonly id: string;
  readonly email: string;
  readonly emailVerified?: boolean;
  /** E.164: `+4915112345678`. */
  readonly phone?: string;
  readonly phoneVerified?: boolean;
  readonly name?: string;
  /** For the project's servers and hooks alone. */
  readonly metadata: JsonObject;
  /** Also shown to the user's clients. */
  readonly publicMetadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
}

/** A user who is not kept yet and has no id. */
export type NewUser = Omit<User, "id">;

/** What a hook may change of a user. Metadata is merged (RFC 7396): `null` removes a member. */
export interface UserPatch {
  email?: string;
  phone?: string | null;
  name?: string | null;
  metadata?: JsonObject;
  publicMetadata?: JsonObject;
}

/** What a hook may change of a user once the request has done its work. */
export type LateUserPatch = Pick<UserPatch, "metadata" | "publicMetadata">;

/** What the client says about itself. */
export interface Client {
  readonly id?: string;
  readonly version?: string;
  readonly data?: JsonObject;
}

/** A session by its id. */
export interface SessionRef {
  /** `ses_…` */
  readonly id: string;
}

/** The password that the client sent: it can be checked, never read. */
export interface PasswordHandle {
  /** Whether it is the password of this user. */
  verify(userId: string): Promise<boolean>;
  /** 0 (guessed at once) to 4. */
  strength(): Promise<number>;
}

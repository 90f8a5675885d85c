// The user and what belongs to one, as hooks and events see them.
import type { JsonObject } from "./json.js";

/** A user. */
export interface User {
  /** `usr_…` */
  readonly id: string;
  /** The domain is in ASCII and lower case: `jane@xn--bcher-kva.example`. */
  readonly email: string;
  readonly emailVerified?: boolean;
  /** E.164: `+4915112345678`. */
  readonly phone?: string;
  readonly phoneVerified?: boolean;
  readonly name?: string;
  /** Data that the user can read and change. */
  readonly metadata: JsonObject;
  /** Data that the user can read but not change. */
  readonly publicMetadata: JsonObject;
  /** ISO 8601. */
  readonly createdAt?: string;
  /** ISO 8601. */
  readonly updatedAt?: string;
}

/** A user who is not stored yet and has no id. */
export type NewUser = Omit<User, "id">;

/** Changes of a user by a hook. Metadata is merged (RFC 7396): `null` removes a member. */
export interface UserPatch {
  email?: string;
  phone?: string | null;
  name?: string | null;
  metadata?: JsonObject;
  publicMetadata?: JsonObject;
}

/** Changes of a user by an `after…` hook. */
export type LateUserPatch = Pick<UserPatch, "metadata" | "publicMetadata">;

/** Information that the client sends about itself. */
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

/** Handle to the password that the client sent: it can be verified, but not read. */
export interface PasswordHandle {
  /** Whether it is the password of this user. */
  verify(userId: string): Promise<boolean>;
  /** 0 (easily guessed) to 4. */
  strength(): Promise<number>;
}

// `Aerocall.auth`: users and sessions of this project. Mirrors wit/auth.wit.
import type { JsonInput } from "./json.js";
import type { User, UserPatch } from "./users.js";

/** A session of a user. */
export interface Session {
  readonly id: string;
  readonly userId: string;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Milliseconds since 1970. */
  readonly lastUsedAt: number;
  readonly ip: string;
  readonly userAgent: string;
}

/** A mail: from a template of the project, or with its own text. It is sent only if the request is committed. */
export type Email =
  | { to: string; template: string; data?: JsonInput }
  | { to: string; subject: string; text?: string; html?: string };

/** Users and sessions of this project and environment, and mail through the project's provider. */
export interface Auth {
  /** The user, or `null`. */
  getUser(user: string | { email: string }): Promise<User | null>;
  /** Returns the updated user. Metadata is merged (RFC 7396): `null` removes a member. */
  updateUser(id: string, patch: Pick<UserPatch, "name" | "metadata" | "publicMetadata">): Promise<User>;
  listSessions(userId: string): Promise<Session[]>;
  /** Returns the number of sessions revoked. */
  revokeSessions(userId: string): Promise<number>;
  /** The id of the mail. */
  sendEmail(email: Email): Promise<{ id: string }>;
}

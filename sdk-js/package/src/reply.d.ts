// What a hook decides. Mirrors `reply` in wit/types.wit.
import type { AfterPoint, HookPoint, Patch } from "./payloads.js";

/** Why a request is refused, for the client. */
export interface Denial {
  /** Machine readable, `[a-z0-9_.-]{1,64}`; `hook_denied` when left out. */
  readonly code?: string | undefined;
  /** For people, at most 500 characters. */
  readonly message?: string | undefined;
  /** 400 to 499; 403 when left out. */
  readonly status?: number | undefined;
}

/** The request goes on unchanged; so it does when a hook returns nothing. */
export interface Allow {
  readonly allow: true;
  readonly deny?: never;
  readonly patch?: never;
}

/** The request stops here. `throw new Aerocall.Deny(message, { code, status })` does the same. */
export interface Refuse {
  readonly deny: true | Denial;
  readonly allow?: never;
  readonly patch?: never;
}

/** The payload changes; every changed field is checked again. */
export interface Change<Point extends HookPoint> {
  readonly patch: Patch<Point>;
  readonly allow?: never;
  readonly deny?: never;
}

/** What a hook at a point may return. What has happened cannot be refused any more. */
export type Reply<Point extends HookPoint> =
  | void
  | undefined
  | null
  | Allow
  | Change<Point>
  | (Point extends AfterPoint ? never : Refuse);

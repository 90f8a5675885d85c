// What a hook decides. Mirrors `reply` in wit/types.wit.
import type { AfterPoint, HookPoint, Patch } from "./payloads.js";

/** A denial, as the client gets it. */
export interface Denial {
  /** Machine readable, `[a-z0-9_.-]{1,64}`; `hook_denied` by default. */
  readonly code?: string | undefined;
  /** Message for people, at most 500 characters. */
  readonly message?: string | undefined;
  /** HTTP status, 400 to 499; 403 by default. */
  readonly status?: number | undefined;
}

/** The request continues unchanged; the same as returning nothing. */
export interface Allow {
  readonly allow: true;
  readonly deny?: never;
  readonly patch?: never;
}

/** The request is denied. `throw new Aerocall.Deny(message, { code, status })` does the same. */
export interface Refuse {
  readonly deny: true | Denial;
  readonly allow?: never;
  readonly patch?: never;
}

/** Changes the payload; every changed field is validated. */
export interface Change<Point extends HookPoint> {
  readonly patch: Patch<Point>;
  readonly allow?: never;
  readonly deny?: never;
}

/** What a hook can return; an `after…` hook cannot deny. */
export type Reply<Point extends HookPoint> =
  | void
  | undefined
  | null
  | Allow
  | Change<Point>
  | (Point extends AfterPoint ? never : Refuse);

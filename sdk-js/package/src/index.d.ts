/// <reference path="./globals.d.ts" />
// Everything that `@aerocall/hooks` exports. The values are `Deny`, `AerocallError` and `defineConfig`; the rest are types.
export type * from "./auth.js";
export type * from "./cache.js";
export type { Capabilities, Config, Limits, Order, Priorities, Schedules } from "./config.js";
export { defineConfig } from "./config.js";
export type * from "./context.js";
export type * from "./db.js";
export type { AerocallErrorCode } from "./errors.js";
export { AerocallError, Deny } from "./errors.js";
export type * from "./events.js";
export type * from "./hooks.js";
export type * from "./http.js";
export type * from "./json.js";
export type * from "./known-events.js";
export type * from "./log.js";
export type * from "./payloads.js";
export type * from "./queue.js";
export type * from "./reply.js";
export type { Aerocall } from "./sdk.js";
export type * from "./secrets.js";
export type * from "./users.js";

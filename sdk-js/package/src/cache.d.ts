// `Aerocall.cache`: short-lived values of this project. Mirrors wit/cache.wit.
import type { Json, JsonInput } from "./json.js";

/** How long a value is kept. */
export interface CacheOptions {
  /** Seconds, 1 to 2,592,000 (30 days). */
  ttl?: number | undefined;
}

/** Keys have 1 to 512 bytes, values at most 256 KiB as JSON. */
export interface Cache {
  get<Value = Json>(key: string): Promise<Value | null>;
  set(key: string, value: JsonInput, options?: CacheOptions): Promise<void>;
  /** Whether the key existed. */
  delete(key: string): Promise<boolean>;
  /** The new value. A missing key counts as 0; the time to live is set when the key is created, and is not extended. */
  increment(key: string, by?: number, options?: CacheOptions): Promise<number>;
  /** Whether the value was written, that is, whether the key did not exist. */
  setIfAbsent(key: string, value: JsonInput, options?: CacheOptions): Promise<boolean>;
}

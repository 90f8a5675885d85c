// `export const config`: what a hook may use. The same can stand in `aerocall.toml`; where both speak, the tighter holds.

/** What a hook may touch. Without a declaration it is what the code is seen to use. */
export interface Capabilities {
  auth?: boolean;
  cache?: boolean;
  db?: boolean;
  http?: boolean;
  queue?: boolean;
  secrets?: boolean;
}

/** What one call may use; the server may give less. */
export interface Limits {
  /** About one unit per instruction; 1,000,000 is roughly a millisecond. */
  fuel?: number;
  memoryBytes?: number;
  deadlineMs?: number;
}

/** The type of `export const config`. */
export interface Config {
  capabilities?: Capabilities;
  limits?: Limits;
}

/** Gives the configuration back, with its type checked. */
export declare function defineConfig(config: Config): Config;

// `Aerocall.secrets`: secrets that can be used but not read. Mirrors wit/secrets.wit.

/** The hash of a MAC. */
export type MacHash = "SHA-256" | "SHA-384" | "SHA-512";

/**
 * A secret that can be used and not read. As text (`Bearer ${secret}`, or inside a JSON body) it is a placeholder; the
 * host puts the secret in when the request leaves, if the host it goes to is approved for it.
 */
export interface SecretHandle {
  readonly name: string;
  /** RFC 2104, with the secret as key. */
  hmac(hash: MacHash, data: string | ArrayBuffer | ArrayBufferView): Promise<Uint8Array>;
  /** Whether the signature is the MAC of the data; takes the same time wherever they differ. */
  verify(hash: MacHash, data: string | ArrayBuffer | ArrayBufferView, signature: ArrayBuffer | ArrayBufferView): Promise<boolean>;
  /** The placeholder. */
  toString(): string;
  toJSON(): string;
}

/** The project's secrets that this hook may use. */
export interface Secrets {
  /** Throws `AerocallError` with `not_found` when there is none. */
  get(name: string): Promise<SecretHandle>;
}

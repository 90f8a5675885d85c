// `Aerocall.secrets`: secrets that can be used but not read. Mirrors wit/secrets.wit.

/** The hash of a MAC. */
export type MacHash = "SHA-256" | "SHA-384" | "SHA-512";

/**
 * A secret that can be used and not read. As text (`Bearer ${secret}`, or inside a JSON body) it is a placeholder; the
 * server inserts the value when the request is sent, if the secret is allowed for that host.
 */
export interface SecretHandle {
  readonly name: string;
  /** RFC 2104, with the secret as key. */
  hmac(hash: MacHash, data: string | ArrayBuffer | ArrayBufferView): Promise<Uint8Array>;
  /** Whether the signature is the MAC of the data, compared in constant time. */
  verify(hash: MacHash, data: string | ArrayBuffer | ArrayBufferView, signature: ArrayBuffer | ArrayBufferView): Promise<boolean>;
  /** The placeholder. */
  toString(): string;
  toJSON(): string;
}

/** The secrets of the project that this hook declares. */
export interface Secrets {
  /** Throws `AerocallError` with `not_found` if there is no such secret. */
  get(name: string): Promise<SecretHandle>;
}

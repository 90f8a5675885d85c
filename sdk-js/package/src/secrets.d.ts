// `Aerocall.secrets`: secrets that can be used but not read. Mirrors wit/secrets.wit.

/** A secret: as a header of a request, or as the key of a MAC. Its text never reaches the hook. */
export interface SecretHandle {
  readonly name: string;
  /** RFC 2104, with the secret as key. */
  hmac(hash: "SHA-256" | "SHA-384" | "SHA-512", data: string | ArrayBuffer | Uint8Array): Promise<Uint8Array>;
}

/** The project's secrets that this hook may use. */
export interface Secrets {
  /** Throws `AerocallError` with `not_found` when there is none. */
  get(name: string): Promise<SecretHandle>;
}

// Who is signed in, the CSRF token that every change needs, and what to do when the session or its proof has ended. Knows
// nothing of pages: they say by `onSignedOut` and `onProofNeeded` what is to happen.
import type { components } from "../../../docs/openapi.d.ts";

export type CurrentAdmin = components["schemas"]["CurrentAdmin"];
export type Role = components["schemas"]["Role"];

type ProofAsker = () => Promise<boolean>;

let csrfToken: string | null = null;
let tellSignedOut: () => void = () => {};
let askProof: ProofAsker = async () => false;
let asked: Promise<boolean> | null = null;

/** Keeps the token that the server gave with a sign-in or with `GET /session`. */
export function keepCsrfToken(token: string | null | undefined): void {
  csrfToken = token ?? null;
}

export function currentCsrfToken(): string | null {
  return csrfToken;
}

/** Called when a request is answered with 401: the session has ended. */
export function onSignedOut(tell: () => void): void {
  tellSignedOut = tell;
}

export function signedOut(): void {
  csrfToken = null;
  tellSignedOut();
}

/** Called when a request needs a fresh proof of who sends it; true once the proof was given. */
export function onProofNeeded(ask: ProofAsker): void {
  askProof = ask;
}

/** Asks for a fresh proof, once for all requests that wait for it. */
export function freshProof(): Promise<boolean> {
  asked ??= askProof().finally(() => {
    asked = null;
  });
  return asked;
}

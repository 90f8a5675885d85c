// What follows a sign-in: the session is read once, so that a browser that did not keep the cookie is noticed here, and the page
// that somebody came for is opened.
import type { AdminSignIn } from "../../../../docs/openapi.d.ts";
import { cache } from "../../api/client.ts";
import { ApiError } from "../../api/errors.ts";
import { currentAdmin } from "../../api/queries/session.ts";
import { keepCsrfToken } from "../../api/session.ts";

/** The ticket between the password and the code: in memory alone, and gone with the page. */
let ticket: string | null = null;

export function keepTicket(sent: string | null): void {
  ticket = sent;
}

export function currentTicket(): string | null {
  return ticket;
}

/** Reads the session that has begun. */
export async function enter(signedIn: AdminSignIn): Promise<void> {
  ticket = null;
  keepCsrfToken(signedIn.csrfToken);
  cache.clear();
  try {
    await cache.fetchQuery(currentAdmin);
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 401) throw error;
    throw new ApiError({
      code: "cookie_not_kept",
      status: 0,
      message:
        "You are signed in, but this browser did not keep the cookie of the session. Allow cookies for this address, or open the admin over HTTPS.",
    });
  }
}

/** Only pages of the admin: an address in a link must not lead to another site. */
export function returnAddress(to: string | undefined): string {
  return to && /^\/(?![/\\])/.test(to) ? to : "/";
}

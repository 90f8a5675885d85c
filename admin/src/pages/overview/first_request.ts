// The request that is shown to somebody who has sent none: it works as it is, with the key of the environment.

/** Signs a user up; another one each time, so that it can be sent again. */
export function signUpRequest(publishableKey: string, origin: string = window.location.origin): string {
  const body = `{"email":"ada+'$RANDOM'@example.com","password":"correct horse battery staple"}`;
  return [
    `curl ${origin}/auth/register \\`,
    `  -H 'X-Aerocall-Key: ${publishableKey}' \\`,
    "  -H 'Content-Type: application/json' \\",
    `  -d '${body}'`,
  ].join("\n");
}

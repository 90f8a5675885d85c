// A certified OpenID provider (the npm package oidc-provider) for tests. Use: node oidc.mjs <redirect uri>
// Says its port on the first line. Whoever comes is logged in as the account that the query of the interaction names:
// ?account=<subject>|<email>|<yes or no: verified>.
import { createServer } from "node:http";
import { Provider } from "oidc-provider";

const [redirectUri] = process.argv.slice(2);
const server = createServer();
server.listen(0, "127.0.0.1", () => {
  const { port } = server.address();
  const provider = new Provider(`http://127.0.0.1:${port}`, configuration());
  const answer = provider.callback();
  server.on("request", async (request, response) => {
    const url = new URL(request.url, "http://127.0.0.1");
    if (!url.pathname.startsWith("/interaction/")) {
      return answer(request, response);
    }
    const accountId = url.searchParams.get("account");
    if (accountId === null) {
      const refusal = { error: "access_denied", error_description: "the person said no" };
      return provider.interactionFinished(request, response, refusal);
    }
    await provider.interactionFinished(request, response, { login: { accountId } });
  });
  process.stdout.write(`${port}\n`);
});

function configuration() {
  return {
    clients: [
      {
        client_id: "aerocall",
        client_secret: "a-secret-of-the-client",
        redirect_uris: [redirectUri],
        grant_types: ["authorization_code"],
        response_types: ["code"],
      },
    ],
    claims: { openid: ["sub"], email: ["email", "email_verified"], profile: ["name"] },
    cookies: { keys: ["a key of tests"] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    pkce: { required: () => true },
    findAccount: (_context, accountId) => {
      const [sub, email, verified] = accountId.split("|");
      const claims = { sub: accountId, email, email_verified: verified === "yes", name: `${sub} of tests` };
      return { accountId, claims: () => (email ? claims : { sub: accountId }) };
    },
    // Everybody has agreed to everything.
    loadExistingGrant: async (context) => {
      const { client, session, provider } = context.oidc;
      const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
      grant.addOIDCScope("openid email profile");
      await grant.save();
      return grant;
    },
  };
}

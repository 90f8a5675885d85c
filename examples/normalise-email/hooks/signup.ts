import type { BeforeLogin, BeforeSignup } from "@aerocall/hooks";

/** Providers that deliver `a.d.a+news@` to `ada@`. */
const ignoresDots = new Set(["gmail.com", "googlemail.com"]);

/** The one spelling of an address that reaches the same mailbox: no tag, no case, no dots where they mean nothing. */
function normalise(email: string): string {
  const at = email.lastIndexOf("@");
  const domain = email.slice(at + 1).toLowerCase();
  const [local = ""] = email.slice(0, at).toLowerCase().split("+");
  if (local === "") return email;
  return ignoresDots.has(domain) ? `${local.replaceAll(".", "")}@gmail.com` : `${local}@${domain}`;
}

export const beforeSignup: BeforeSignup = (_context, payload) => {
  const email = normalise(payload.user.email);
  if (email === payload.user.email) return;
  return { patch: { user: { email, metadata: { typedEmail: payload.user.email } } } };
};

export const beforeLogin: BeforeLogin = (context, payload, Aerocall) => {
  if (normalise(payload.user.email) !== payload.user.email) {
    Aerocall.log.info("an account from before addresses were normalised", payload.user.id, context.requestId);
  }
};

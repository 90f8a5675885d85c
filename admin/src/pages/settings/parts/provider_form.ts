// Identity providers as the form has them: presets with the issuers that are the same for everybody, and secrets that are typed
// anew or stay as they are stored.
import type { IdentityProvider, SentProvider } from "../../../api/queries/settings.ts";

export type ProviderForm = {
  name: string;
  issuer: string;
  clientId: string;
  /** Empty: the stored one stays. */
  clientSecret: string;
  /** With spaces between. */
  scopes: string;
};

export type ProvidersForm = { providers: ProviderForm[] };

export type Preset = { id: string; title: string; issuer: string; scopes: string; about?: string };

const USUAL = "email profile";

export const PRESETS: readonly Preset[] = [
  { id: "google", title: "Google", issuer: "https://accounts.google.com", scopes: USUAL },
  {
    id: "apple",
    title: "Apple",
    issuer: "https://appleid.apple.com",
    scopes: "email name",
    about: "The client secret of Apple is a JWT that you sign and replace at least every six months.",
  },
  { id: "gitlab", title: "GitLab", issuer: "https://gitlab.com", scopes: USUAL },
  { id: "linkedin", title: "LinkedIn", issuer: "https://www.linkedin.com/oauth", scopes: USUAL },
  { id: "slack", title: "Slack", issuer: "https://slack.com", scopes: USUAL },
  { id: "discord", title: "Discord", issuer: "https://discord.com", scopes: "email identify" },
  { id: "twitch", title: "Twitch", issuer: "https://id.twitch.tv/oauth2", scopes: "user:read:email" },
  { id: "yahoo", title: "Yahoo", issuer: "https://api.login.yahoo.com", scopes: USUAL },
];

export function fromProviders(stored: IdentityProvider[]): ProvidersForm {
  return {
    providers: stored.map(({ name, issuer, clientId, scopes }) => ({
      name,
      issuer,
      clientId,
      clientSecret: "",
      scopes: scopes.join(" "),
    })),
  };
}

export function toProviders(form: ProvidersForm): SentProvider[] {
  return form.providers.map(({ name, issuer, clientId, clientSecret, scopes }) => ({
    name: name.trim(),
    issuer: issuer.trim(),
    clientId: clientId.trim(),
    scopes: scopes.split(/\s+/).filter((scope) => scope !== ""),
    ...(clientSecret ? { clientSecret } : {}),
  }));
}

/** A new provider of a preset, or an empty one, with a name that is not taken. */
export function newProvider(presetId: string, taken: readonly string[]): ProviderForm {
  const preset = PRESETS.find(({ id }) => id === presetId);
  const first = preset?.id ?? "";
  let name = first;
  for (let count = 2; name !== "" && taken.includes(name); count += 1) name = `${first}-${count}`;
  return { name, issuer: preset?.issuer ?? "", clientId: "", clientSecret: "", scopes: preset?.scopes ?? USUAL };
}

/** Whether a stored secret stays: the server keeps it only for the same client of the same issuer. */
export function keepsSecret(provider: ProviderForm, stored: readonly IdentityProvider[]): boolean {
  return stored.some(
    (one) =>
      one.name === provider.name.trim() &&
      one.issuer === provider.issuer.trim() &&
      one.clientId === provider.clientId.trim(),
  );
}

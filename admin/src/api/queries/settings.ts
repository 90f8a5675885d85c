// Settings of an environment. Each is read and replaced as a whole.
import { queryOptions } from "@tanstack/react-query";
import type {
  AuthSettings,
  GateSettings,
  HttpSettings,
  IdentityProvider,
  LimitSettings,
  MailSettings,
  MailTest,
  PutSettingsAuthRequest,
  PutSettingsLimitsRequest,
  PutSettingsMailRequest,
  StoredIdentityProviders,
} from "../../../../docs/openapi.d.ts";
import { api, cache, ENVIRONMENT, ok, type Place } from "../client.ts";

export type {
  AuthSettings,
  GateSettings,
  HttpSettings,
  IdentityProvider,
  LimitSettings,
  MailSettings,
  MailTest,
  StoredIdentityProviders,
};

const keyOf = (place: Place, name: string) => [place.project, place.environment, "settings", name];

export const authSettings = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, "auth"),
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/settings/auth`, { params: { path: place }, signal })),
  });

export async function putAuthSettings(place: Place, body: PutSettingsAuthRequest): Promise<AuthSettings> {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/settings/auth`, { params: { path: place }, body }));
  return keep(place, "auth", stored);
}

export const identityProviders = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, "providers"),
    queryFn: async ({ signal }) => {
      const answer = await ok(api.GET(`${ENVIRONMENT}/settings/providers`, { params: { path: place }, signal }));
      return answer.providers;
    },
  });

/** A provider as it is sent: without a secret, the one that is stored stays. */
export type SentProvider = IdentityProvider & { clientSecret?: string };

export async function putIdentityProviders(place: Place, providers: SentProvider[]): Promise<StoredIdentityProviders> {
  const body = { providers };
  const stored = await ok(api.PUT(`${ENVIRONMENT}/settings/providers`, { params: { path: place }, body }));
  keep(place, "providers", stored.providers);
  return stored;
}

export const mailSettings = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, "mail"),
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/settings/mail`, { params: { path: place }, signal })),
  });

export async function putMailSettings(place: Place, body: PutSettingsMailRequest): Promise<MailSettings> {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/settings/mail`, { params: { path: place }, body }));
  return keep(place, "mail", stored);
}

/** Sends a mail at once with the stored settings, and waits for what the mail server says. */
export function sendTestMail(place: Place, to: string): Promise<MailTest> {
  return ok(api.POST(`${ENVIRONMENT}/settings/mail/test`, { params: { path: place }, body: { to } }));
}

export const httpSettings = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, "http"),
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/settings/http`, { params: { path: place }, signal })),
  });

export async function putHttpSettings(place: Place, hosts: string[]): Promise<HttpSettings> {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/settings/http`, { params: { path: place }, body: { hosts } }));
  return keep(place, "http", stored);
}

export const limitSettings = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, "limits"),
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/settings/limits`, { params: { path: place }, signal })),
  });

export async function putLimitSettings(place: Place, body: PutSettingsLimitsRequest): Promise<LimitSettings> {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/settings/limits`, { params: { path: place }, body }));
  return keep(place, "limits", stored);
}

export const gateSettings = (place: Place) =>
  queryOptions({
    queryKey: keyOf(place, "gates"),
    queryFn: ({ signal }) => ok(api.GET(`${ENVIRONMENT}/settings/gates`, { params: { path: place }, signal })),
  });

export async function putGateSettings(place: Place, body: GateSettings): Promise<GateSettings> {
  const stored = await ok(api.PUT(`${ENVIRONMENT}/settings/gates`, { params: { path: place }, body }));
  return keep(place, "gates", stored);
}

function keep<T>(place: Place, name: string, stored: T): T {
  cache.setQueryData(keyOf(place, name), stored);
  return stored;
}

import { expect, test } from "vitest";
import { fromProviders, keepsSecret, newProvider, toProviders } from "./provider_form.ts";

const STORED = [{ name: "google", issuer: "https://accounts.google.com", clientId: "1", scopes: ["email", "profile"] }];

test("a secret that is not typed is not sent", () => {
  const form = fromProviders(STORED);
  expect(toProviders(form)).toEqual(STORED);
  const typed = form.providers.map((one) => ({ ...one, clientSecret: "s3cret", scopes: " email  openid " }));
  expect(toProviders({ providers: typed })).toEqual([
    { ...STORED[0], clientSecret: "s3cret", scopes: ["email", "openid"] },
  ]);
});

test("a stored secret stays for the same client of the same issuer", () => {
  const [provider] = fromProviders(STORED).providers;
  if (!provider) throw new Error("there is one");
  expect(keepsSecret(provider, STORED)).toBe(true);
  expect(keepsSecret({ ...provider, clientId: "2" }, STORED)).toBe(false);
  expect(keepsSecret({ ...provider, name: "g" }, STORED)).toBe(false);
});

test("a second provider of a preset has a name of its own", () => {
  expect(newProvider("gitlab", []).name).toBe("gitlab");
  expect(newProvider("gitlab", ["gitlab", "gitlab-2"]).name).toBe("gitlab-3");
  expect(newProvider("", ["gitlab"])).toMatchObject({ name: "", issuer: "" });
});

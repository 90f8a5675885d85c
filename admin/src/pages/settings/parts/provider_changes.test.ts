import { expect, test } from "vitest";
import { providerChanges } from "./provider_changes.ts";

const GOOGLE = {
  name: "google",
  issuer: "https://accounts.google.com",
  clientId: "1",
  clientSecret: "",
  scopes: "email",
};

test("what was typed as a secret is said and not shown", () => {
  const changes = providerChanges([GOOGLE], [{ ...GOOGLE, clientId: "2", clientSecret: "s3cret" }]);
  expect(changes).toEqual([
    { path: "google: client ID", before: "1", after: "2" },
    { path: "google: client secret", before: "as it is stored", after: "a new one" },
  ]);
  expect(JSON.stringify(changes)).not.toContain("s3cret");
});

test("providers come and go", () => {
  const other = { ...GOOGLE, name: "gitlab", issuer: "https://gitlab.com" };
  expect(providerChanges([GOOGLE], [other])).toEqual([
    { path: "gitlab", before: null, after: "added, at https://gitlab.com" },
    { path: "google", before: "set up", after: "removed" },
  ]);
});

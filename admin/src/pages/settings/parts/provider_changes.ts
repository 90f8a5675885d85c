// What saving would change of the identity providers, one line for each thing, without any secret.
import type { Change } from "../../../parts/form.tsx";
import type { ProviderForm } from "./provider_form.ts";

const FIELDS: readonly { key: keyof ProviderForm; title: string }[] = [
  { key: "name", title: "name" },
  { key: "issuer", title: "issuer" },
  { key: "clientId", title: "client ID" },
  { key: "scopes", title: "scopes" },
];

export function providerChanges(before: readonly ProviderForm[], after: readonly ProviderForm[]): Change[] {
  const removed = before.filter((one) => !after.some((other) => other.name === one.name));
  return [
    ...after.flatMap((one) =>
      changesOf(
        before.find((other) => other.name === one.name),
        one,
      ),
    ),
    ...removed.map((one) => ({ path: one.name, before: "set up", after: "removed" })),
  ];
}

function changesOf(before: ProviderForm | undefined, after: ProviderForm): Change[] {
  const name = after.name || "New provider";
  if (!before) return [{ path: name, before: null, after: `added, at ${after.issuer || "no issuer yet"}` }];
  const changes: Change[] = FIELDS.filter(({ key }) => before[key] !== after[key]).map(({ key, title }) => ({
    path: `${name}: ${title}`,
    before: before[key],
    after: after[key],
  }));
  if (after.clientSecret)
    changes.push({ path: `${name}: client secret`, before: "as it is stored", after: "a new one" });
  return changes;
}

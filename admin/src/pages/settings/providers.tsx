// The identity providers that users can log in with: OpenID Connect, each with a client of the project.
import { useMutation, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  type IdentityProvider,
  identityProviders,
  putIdentityProviders,
  type StoredIdentityProviders,
} from "../../api/queries/settings.ts";
import { Id } from "../../parts/copy.tsx";
import { Form, SaveBar, useForm } from "../../parts/form.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Menu } from "../../parts/menu.tsx";
import { Facts, Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { useRights } from "../../parts/rights.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { Answer, Empty, Skeleton } from "../../parts/states.tsx";
import { say } from "../../parts/toast.tsx";
import { providerChanges } from "./parts/provider_changes.ts";
import { ProviderFields } from "./parts/provider_fields.tsx";
import { fromProviders, newProvider, PRESETS, type ProviderForm, toProviders } from "./parts/provider_form.ts";
import { ReadOnlyNote } from "./parts/read_only_note.tsx";

export function ProviderSettings() {
  const query = useQuery(identityProviders(usePlace()));
  return (
    <Page title="Identity providers" tabs={<EnvironmentSettingsTabs />}>
      <Lead>Users can log in with an account that they have elsewhere (OpenID Connect).</Lead>
      <Facts
        facts={[
          ["Redirect URI", <Id key="uri" label="Copy the redirect URI">{`${location.origin}/auth/oauth/callback`}</Id>],
        ]}
      />
      <Answer query={query} what="the identity providers" skeleton={<Skeleton kind="form" rows={4} />}>
        {(stored) => <Providers stored={stored} />}
      </Answer>
    </Page>
  );
}

function Providers({ stored }: { stored: IdentityProvider[] }) {
  const place = usePlace();
  const whyNot = useRights().why("settings:write");
  const saved = useMemo(() => fromProviders(stored), [stored]);
  const form = useForm(saved);
  const { providers } = form.value;
  const saving = useMutation({
    mutationFn: () => putIdentityProviders(place, toProviders(form.value)),
    onSuccess: (answer) => {
      form.reset();
      say(told(answer));
    },
  });
  const change = (index: number, next: Partial<ProviderForm>) =>
    form.set(
      "providers",
      providers.map((one, at) => (at === index ? { ...one, ...next } : one)),
    );
  const remove = (index: number) =>
    form.set(
      "providers",
      providers.filter((_, at) => at !== index),
    );
  const taken = providers.map(({ name }) => name);
  const add = (preset: string) => form.set("providers", [...providers, newProvider(preset, taken)]);
  const addMenu = <AddMenu whyNot={whyNot} onAdd={add} />;
  return (
    <Form error={saving.error} onSubmit={() => saving.mutate()}>
      {whyNot && <ReadOnlyNote whyNot={whyNot} />}
      {providers.length === 0 && <Empty sentence="No identity provider is set up." action={addMenu} />}
      {providers.map((provider, index) => (
        <ProviderFields
          // biome-ignore lint/suspicious/noArrayIndexKey: the server names problems by the place in the list, and names change while they are typed
          key={index}
          index={index}
          provider={provider}
          stored={stored}
          onChange={(next) => change(index, next)}
          onRemove={() => remove(index)}
        />
      ))}
      {providers.length > 0 && <div>{addMenu}</div>}
      <SaveBar
        form={{ ...form, changes: providerChanges(saved.providers, providers) }}
        isSaving={saving.isPending}
        whyNot={whyNot}
      />
    </Form>
  );
}

function AddMenu({ whyNot, onAdd }: { whyNot: string | undefined; onAdd: (preset: string) => void }) {
  return (
    <Menu
      label="Add a provider"
      isNamed
      items={[
        ...PRESETS.map(({ id, title }) => ({ id, title, whyNot, onAction: () => onAdd(id) })),
        { id: "other", title: "Another, by its issuer", whyNot, onAction: () => onAdd("") },
      ]}
    />
  );
}

/** A provider that did not answer is stored all the same: nobody knows yet whether its settings are right. */
function told({ warnings }: StoredIdentityProviders): string {
  const saved = "The identity providers are saved.";
  return [saved, ...warnings.map(({ field, problem }) => `${field} ${problem}.`)].join(" ");
}

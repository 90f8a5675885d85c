// The fields of one identity provider.
import type { IdentityProvider } from "../../../api/queries/settings.ts";
import { IconButton } from "../../../parts/button.tsx";
import { TextField } from "../../../parts/field.tsx";
import styles from "./provider_fields.module.css";
import { keepsSecret, PRESETS, type ProviderForm } from "./provider_form.ts";

type Props = {
  index: number;
  provider: ProviderForm;
  stored: readonly IdentityProvider[];
  onChange: (change: Partial<ProviderForm>) => void;
  onRemove: () => void;
};

export function ProviderFields({ index, provider, stored, onChange, onRemove }: Props) {
  const nameOf = (field: keyof ProviderForm) => `providers[${index}].${field}`;
  const preset = PRESETS.find(({ issuer }) => issuer === provider.issuer);
  const isKept = keepsSecret(provider, stored);
  const title = preset?.title ?? (provider.name || "New provider");
  return (
    <fieldset className={styles.provider}>
      <legend className={styles.legend}>{title}</legend>
      <div className={styles.remove}>
        <IconButton icon="trash" label={`Remove ${title}`} onPress={onRemove} small />
      </div>
      <TextField
        name={nameOf("name")}
        label="Name"
        value={provider.name}
        onChange={(name) => onChange({ name })}
        isRequired
        mono
        hint={`Part of its address: /auth/oauth/${provider.name || "…"}/authorize. Users are linked by it: with another name they are no longer recognised.`}
      />
      <TextField
        name={nameOf("issuer")}
        label="Issuer"
        type="url"
        value={provider.issuer}
        onChange={(issuer) => onChange({ issuer })}
        isRequired
        mono
        placeholder="https://login.example.com"
      />
      <TextField
        name={nameOf("clientId")}
        label="Client ID"
        value={provider.clientId}
        onChange={(clientId) => onChange({ clientId })}
        isRequired
        mono
        autoComplete="off"
      />
      <TextField
        name={nameOf("clientSecret")}
        label="Client secret"
        type="password"
        value={provider.clientSecret}
        onChange={(clientSecret) => onChange({ clientSecret })}
        isRequired={!isKept}
        autoComplete="off"
        placeholder={isKept ? "The stored one stays" : ""}
        hint={preset?.about}
      />
      <TextField
        name={nameOf("scopes")}
        label="Scopes"
        value={provider.scopes}
        onChange={(scopes) => onChange({ scopes })}
        mono
        hint="Besides openid, with spaces between."
      />
    </fieldset>
  );
}

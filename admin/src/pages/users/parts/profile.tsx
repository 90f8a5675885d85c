// The profile of a user, to be read and changed, with both kinds of metadata.
import { useMutation } from "@tanstack/react-query";
import { type AdminUser, patchUser } from "../../../api/queries/users.ts";
import { Checkbox, TextArea, TextField } from "../../../parts/field.tsx";
import { FieldGroup, Form, type FormState, SaveBar, useForm } from "../../../parts/form.tsx";
import { usePlace } from "../../../parts/place.ts";
import { useRights } from "../../../parts/rights.ts";
import { say } from "../../../parts/toast.tsx";
import { readMetadata } from "./merge_patch.ts";
import styles from "./profile.module.css";
import { fromUser, PROFILE_NAMES, type ProfileForm, patchOf } from "./profile_form.ts";
import { UserFacts } from "./user_facts.tsx";

export function Profile({ user }: { user: AdminUser }) {
  return (
    <div className={styles.columns}>
      <ProfileFields user={user} />
      <UserFacts user={user} />
    </div>
  );
}

function ProfileFields({ user }: { user: AdminUser }) {
  const place = usePlace();
  const whyNot = useRights().why("data:write");
  const form = useForm(fromUser(user));
  const saving = useMutation({
    mutationFn: () => patchUser(place, user.id, patchOf(user, form.value)),
    onSuccess: () => {
      form.reset();
      say("The user is saved.");
    },
  });
  const isWrong = [form.value.metadata, form.value.publicMetadata].some((text) => "problem" in readMetadata(text));
  return (
    <Form label="Profile" error={saving.error} onSubmit={() => saving.mutate()}>
      <Identity form={form} />
      <FieldGroup title="Metadata">
        <Metadata
          form={form}
          name="publicMetadata"
          hint="The user can read it and not change it: hooks can decide by it."
        />
        <Metadata form={form} name="metadata" hint="The user can read and change it." />
      </FieldGroup>
      <SaveBar
        form={form}
        names={PROFILE_NAMES}
        isSaving={saving.isPending}
        whyNot={whyNot ?? (isWrong ? "The metadata is no JSON object" : undefined)}
      />
    </Form>
  );
}

function Identity({ form }: { form: FormState<ProfileForm> }) {
  const { value, set } = form;
  return (
    <>
      <TextField
        name="email"
        label={PROFILE_NAMES.email}
        type="email"
        value={value.email}
        onChange={(email) => set("email", email)}
        isRequired
        autoComplete="off"
        hint="A new address is not verified unless you say so."
      />
      <Checkbox
        name="emailVerified"
        label={PROFILE_NAMES.emailVerified}
        isSelected={value.emailVerified}
        onChange={(isOn) => set("emailVerified", isOn)}
      />
      <TextField
        name="name"
        label={PROFILE_NAMES.name}
        value={value.name}
        onChange={(name) => set("name", name)}
        autoComplete="off"
      />
      <TextField
        name="phone"
        label={PROFILE_NAMES.phone}
        type="tel"
        value={value.phone}
        onChange={(phone) => set("phone", phone)}
        placeholder="+4930123456"
        autoComplete="off"
      />
      {value.phone !== "" && (
        <Checkbox
          name="phoneVerified"
          label={PROFILE_NAMES.phoneVerified}
          isSelected={value.phoneVerified}
          onChange={(isOn) => set("phoneVerified", isOn)}
        />
      )}
    </>
  );
}

type MetadataProps = { form: FormState<ProfileForm>; name: "metadata" | "publicMetadata"; hint: string };

function Metadata({ form, name, hint }: MetadataProps) {
  const text = form.value[name];
  const read = readMetadata(text);
  return (
    <TextArea
      name={name}
      label={PROFILE_NAMES[name]}
      mono
      rows={Math.min(16, Math.max(3, text.split("\n").length))}
      value={text}
      onChange={(next) => form.set(name, next)}
      hint={hint}
      problem={"problem" in read ? read.problem : undefined}
    />
  );
}

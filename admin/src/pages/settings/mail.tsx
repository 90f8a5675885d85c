// Who sends the mails of the environment: the server, or an SMTP server of the project's own.
import { useQuery } from "@tanstack/react-query";
import { mailSettings, putMailSettings } from "../../api/queries/settings.ts";
import { SelectField, TextField } from "../../parts/field.tsx";
import { FieldGroup, type FormState } from "../../parts/form.tsx";
import { Lead } from "../../parts/lead.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { fromMail, MAIL_NAMES, type MailForm, toMailRequest } from "./parts/mail_form.ts";
import { SettingForm } from "./parts/setting_form.tsx";

export function MailSettings() {
  const place = usePlace();
  const query = useQuery({ ...mailSettings(place), select: fromMail });
  return (
    <Page title="Mail settings" tabs={<EnvironmentSettingsTabs />}>
      <Lead>Mails to users: verifications, codes, links, and what hooks send.</Lead>
      <SettingForm
        query={query}
        what="the mail settings"
        names={MAIL_NAMES}
        save={(value) => putMailSettings(place, toMailRequest(value))}
      >
        {(form) => <Fields form={form} />}
      </SettingForm>
    </Page>
  );
}

const SENDERS = [
  { value: "server", title: "The server", hint: "With the mail server and the sender address of its own settings." },
  { value: "own", title: "An SMTP server of this project" },
];

function Fields({ form }: { form: FormState<MailForm> }) {
  const { value, set } = form;
  return (
    <>
      <SelectField
        name="sender"
        label={MAIL_NAMES.sender}
        options={SENDERS}
        value={value.sender}
        onChange={(sender) => set("sender", sender === "own" ? "own" : "server")}
      />
      {value.sender === "own" && (
        <FieldGroup title="SMTP server">
          <TextField
            name="smtpUrl"
            label={MAIL_NAMES.smtpUrl}
            value={value.smtpUrl}
            onChange={(url) => set("smtpUrl", url)}
            isRequired
            mono
            autoComplete="off"
            placeholder="smtps://user:password@mail.example.com"
            hint={
              value.isStored
                ? "The stored password is not shown. Whenever these settings are saved, the address is needed with its password."
                : "smtp:// begins TLS where the server offers it, smtps:// begins with it. User and password are percent-encoded."
            }
          />
          <TextField
            name="from"
            label={MAIL_NAMES.from}
            value={value.from}
            onChange={(from) => set("from", from)}
            isRequired
            placeholder="Shop <no-reply@example.com>"
          />
        </FieldGroup>
      )}
      <TextField
        name="replyTo"
        label={MAIL_NAMES.replyTo}
        value={value.replyTo}
        onChange={(address) => set("replyTo", address)}
        placeholder="help@example.com"
        hint="Where answers of users go. Empty: to the sender."
      />
    </>
  );
}

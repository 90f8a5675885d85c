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
import { SECURITIES } from "./parts/smtp_url.ts";
import { TestMail } from "./parts/test_mail.tsx";

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
        secret="password"
        rows={2}
        save={(value) => putMailSettings(place, toMailRequest(value))}
      >
        {(form) => <Fields form={form} />}
      </SettingForm>
      <TestMail />
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
      {value.sender === "own" && <Server form={form} />}
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

function Server({ form }: { form: FormState<MailForm> }) {
  const { value, set } = form;
  const chosen = SECURITIES.find((one) => one.value === value.security);
  const choose = (security: string) => {
    const next = SECURITIES.find((one) => one.value === security);
    if (!next) return;
    set("security", next.value);
    if (value.port === "" || value.port === chosen?.port) set("port", next.port);
  };
  return (
    <FieldGroup title="SMTP server">
      <TextField
        name="smtpUrl"
        label={MAIL_NAMES.host}
        value={value.host}
        onChange={(host) => set("host", host)}
        isRequired
        placeholder="mail.example.com"
      />
      <SelectField
        name="security"
        label={MAIL_NAMES.security}
        options={SECURITIES}
        hint={chosen?.hint}
        value={value.security}
        onChange={choose}
      />
      <TextField
        name="port"
        label={MAIL_NAMES.port}
        value={value.port}
        onChange={(port) => set("port", port)}
        inputMode="numeric"
      />
      {value.security !== "smtp+plain" && (
        <>
          <TextField
            name="user"
            label={MAIL_NAMES.user}
            value={value.user}
            onChange={(user) => set("user", user)}
            autoComplete="off"
          />
          <TextField
            name="password"
            label={MAIL_NAMES.password}
            type="password"
            value={value.password}
            onChange={(password) => set("password", password)}
            autoComplete="off"
            hint="Stored encrypted and never shown. Empty: the stored password of this user of this server stays."
          />
        </>
      )}
      <TextField
        name="from"
        label={MAIL_NAMES.from}
        value={value.from}
        onChange={(from) => set("from", from)}
        isRequired
        placeholder="Shop <no-reply@example.com>"
      />
    </FieldGroup>
  );
}

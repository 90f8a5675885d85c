// The settings of sign-up, login, passwords, sessions and rate limits.
import { useQuery } from "@tanstack/react-query";
import { authSettings, putAuthSettings } from "../../api/queries/settings.ts";
import { NumberField, SelectField, Switch, TextField } from "../../parts/field.tsx";
import { FieldGroup, type FormState } from "../../parts/form.tsx";
import { Lead } from "../../parts/lead.tsx";
import { LinesField } from "../../parts/lines_field.tsx";
import { Page } from "../../parts/page.tsx";
import { usePlace } from "../../parts/place.ts";
import { EnvironmentSettingsTabs } from "../../parts/settings_tabs.tsx";
import { AmountGrid } from "./parts/amount_grid.tsx";
import { timeInWords } from "./parts/amounts.ts";
import { AUTH_NAMES, type AuthForm, fromSettings, toRequest } from "./parts/auth_form.ts";
import { SettingForm } from "./parts/setting_form.tsx";

export function AuthSettings() {
  const place = usePlace();
  const query = useQuery({ ...authSettings(place), select: fromSettings });
  return (
    <Page title="Auth settings" tabs={<EnvironmentSettingsTabs />}>
      <Lead>How users of this environment sign up and log in.</Lead>
      <SettingForm
        query={query}
        what="the auth settings"
        names={AUTH_NAMES}
        save={(value) => putAuthSettings(place, toRequest(value))}
      >
        {(form) => (
          <>
            <SignUp form={form} />
            <Methods form={form} />
            <Passwords form={form} />
            <Sessions form={form} />
            <Rates form={form} />
          </>
        )}
      </SettingForm>
    </Page>
  );
}

type Props = { form: FormState<AuthForm> };
type Toggle =
  | "signUp"
  | "confirmEmail"
  | "otpEmail"
  | "otpSms"
  | "magicLink"
  | "password.refuseCommon"
  | "password.refuseBreached";
type Amount = keyof AuthForm & (`sessions.${string}` | `limits.${string}` | "password.minChars");

function Toggled({ form, name, hint }: Props & { name: Toggle; hint: string }) {
  const label = AUTH_NAMES[name];
  return (
    <Switch name={name} label={label} hint={hint} isSelected={form.value[name]} onChange={(on) => form.set(name, on)} />
  );
}

type AmountProps = Props & { name: Amount; unit: string; min: number; max: number; hint?: string };

function Amounted({ form, name, unit, min, max, hint }: AmountProps) {
  const value = form.value[name];
  const words = unit === "seconds" ? timeInWords(value) : "";
  return (
    <NumberField
      name={name}
      label={AUTH_NAMES[name]}
      unit={unit}
      min={min}
      max={max}
      hint={[words && `${words}.`, value === null && "Empty: the server's default.", hint].filter(Boolean).join(" ")}
      value={value}
      onChange={(next) => form.set(name, next)}
    />
  );
}

function SignUp({ form }: Props) {
  return (
    <FieldGroup title="Sign-up">
      <TextField
        name="appName"
        label={AUTH_NAMES.appName}
        hint="What mails call this project. Without one they name the project's id."
        value={form.value.appName ?? ""}
        onChange={(text) => form.set("appName", text === "" ? null : text)}
        maxLength={100}
      />
      <Toggled form={form} name="signUp" hint="Off: only admins and servers create users." />
      <Toggled form={form} name="confirmEmail" hint="A user gets no session until the email address is verified." />
      <LinesField
        name="redirectUrls"
        label={AUTH_NAMES.redirectUrls}
        placeholder="https://app.example.com/welcome"
        hint="One on a line, at most 50. Links in mails and identity providers may lead to these; the first is where they lead if the app does not say. Without any, mails contain a token to paste."
        value={form.value.redirectUrls}
        onChange={(urls) => form.set("redirectUrls", urls)}
      />
    </FieldGroup>
  );
}

const MFA = [
  { value: "off", title: "Off", hint: "Users cannot enroll a second factor." },
  { value: "optional", title: "Optional", hint: "Users who have a second factor must use it." },
  {
    value: "required",
    title: "Required",
    hint: "There is no session without a second factor. Existing sessions stay.",
  },
];

function Methods({ form }: Props) {
  const mfa = form.value.mfa;
  return (
    <FieldGroup title="Login methods" lead="Besides passwords and identity providers.">
      <Toggled form={form} name="otpEmail" hint="Six digits by mail, good for ten minutes." />
      <Toggled form={form} name="otpSms" hint="A hook or a webhook must deliver the text messages." />
      <Toggled form={form} name="magicLink" hint="A link by mail that logs in once." />
      <SelectField
        name="mfa"
        label={AUTH_NAMES.mfa}
        options={MFA}
        hint={MFA.find(({ value }) => value === mfa)?.hint}
        value={mfa}
        onChange={(next) => form.set("mfa", next as AuthForm["mfa"])}
      />
    </FieldGroup>
  );
}

function Passwords({ form }: Props) {
  return (
    <FieldGroup title="Passwords" lead="These hold for passwords that are chosen from now on.">
      <Amounted form={form} name="password.minChars" unit="characters" min={8} max={128} />
      <Toggled form={form} name="password.refuseCommon" hint="Compares with a list that the server has." />
      <Toggled
        form={form}
        name="password.refuseBreached"
        hint="Asks Have I Been Pwned; five characters of a hash are all that is sent."
      />
    </FieldGroup>
  );
}

const YEAR = 31_622_400;

function Sessions({ form }: Props) {
  return (
    <FieldGroup title="Sessions" lead="New sessions and tokens live as long as this; those that exist keep their time.">
      <AmountGrid>
        <Amounted form={form} name="sessions.accessSeconds" unit="seconds" min={10} max={86_400} />
        <Amounted form={form} name="sessions.sessionSeconds" unit="seconds" min={60} max={YEAR} />
        <Amounted
          form={form}
          name="sessions.idleSeconds"
          unit="seconds"
          min={60}
          max={YEAR}
          hint="A session that is not refreshed for so long ends."
        />
        <Amounted
          form={form}
          name="sessions.refreshGraceSeconds"
          unit="seconds"
          min={0}
          max={300}
          hint="For apps whose answer was lost: the used token gets the same new one again."
        />
        <Amounted
          form={form}
          name="sessions.recentSeconds"
          unit="seconds"
          min={60}
          max={86_400}
          hint="Changes of an account without a password ask for a login that is not older."
        />
      </AmountGrid>
    </FieldGroup>
  );
}

function Rates({ form }: Props) {
  const most = { min: 1, max: 1_000_000 };
  return (
    <FieldGroup title="Rate limits" lead="What is over a limit is refused with 429 and the time to wait.">
      <AmountGrid>
        <Amounted
          form={form}
          name="limits.perIpMinute"
          unit="per minute"
          {...most}
          hint="To endpoints that check or make a secret."
        />
        <Amounted
          form={form}
          name="limits.failuresPerAccount"
          unit="attempts"
          {...most}
          hint="After that, addresses that the user never logged in from have to wait, longer each time."
        />
        <Amounted form={form} name="limits.sendsPerRecipientHour" unit="per hour" {...most} />
        <Amounted form={form} name="limits.perProjectSecond" unit="per second" {...most} />
      </AmountGrid>
    </FieldGroup>
  );
}

// What somebody changes about themselves: password, authenticator app, sessions, personal tokens, and how the pages look.
import { useQuery } from "@tanstack/react-query";
import { currentAdmin } from "../../api/queries/session.ts";
import { Id } from "../../parts/copy.tsx";
import { Time } from "../../parts/figures.tsx";
import { Facts, Page, Section } from "../../parts/page.tsx";
import { Answer } from "../../parts/states.tsx";
import { Appearance } from "./parts/appearance.tsx";
import { Password } from "./parts/password.tsx";
import { PersonalTokens } from "./parts/personal_tokens.tsx";
import { Sessions } from "./parts/sessions.tsx";
import { Totp } from "./parts/totp.tsx";

export function Account() {
  const query = useQuery(currentAdmin);
  return (
    <Page title="Your account">
      <Answer query={query} what="your account">
        {({ account, roles }) =>
          account && (
            <>
              <Facts
                facts={[
                  ["Email address", account.email],
                  ["Id", <Id key="id">{account.id}</Id>],
                  ["Since", <Time key="since" at={account.createdAt} as="exact" />],
                  [
                    "Server",
                    account.isAdministrator
                      ? "Administrator: everything, in every project"
                      : "No right on the server as a whole",
                  ],
                  ...(roles.length > 0
                    ? [["Roles", roles.map((one) => `${one.role} of ${one.project}`).join(", ")] as [string, string]]
                    : []),
                ]}
              />
              <Password email={account.email} />
              <Section title="Authenticator app" lead="With an app, a sign-in needs a code of it besides the password.">
                <Totp isOn={account.hasTotp} />
              </Section>
            </>
          )
        }
      </Answer>
      <Sessions />
      <PersonalTokens />
      <Appearance />
    </Page>
  );
}

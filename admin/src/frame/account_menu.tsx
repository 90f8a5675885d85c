// The menu of the account: who is signed in, the theme, the account's own page, signing out.
import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import {
  Menu as AriaMenu,
  Button,
  Header,
  MenuItem,
  MenuSection,
  MenuTrigger,
  Popover,
  Separator,
  Text,
} from "react-aria-components";
import { ADMIN, api, cache, ok } from "../api/client.ts";
import { prefer, type Theme, usePreferences } from "../api/preferences.ts";
import { currentAdmin } from "../api/queries/session.ts";
import { keepCsrfToken } from "../api/session.ts";
import { buttonClass } from "../parts/button.tsx";
import { Icon, type IconName } from "../parts/icon.tsx";
import { sayProblem } from "../parts/toast.tsx";
import styles from "./account_menu.module.css";

const themes: [Theme, string, IconName][] = [
  ["system", "As the system", "screen"],
  ["light", "Light", "sun"],
  ["dark", "Dark", "moon"],
];

export function AccountMenu() {
  const { data } = useQuery(currentAdmin);
  const { theme } = usePreferences();
  const navigate = useNavigate();
  const email = data?.account?.email ?? "";
  return (
    <MenuTrigger>
      <Button className={`${buttonClass("quiet")} ${styles.button}`} aria-label={`Account ${email}`}>
        <Icon name="user" />
      </Button>
      <Popover className={styles.popover ?? ""} placement="bottom end" offset={4}>
        <AriaMenu className={styles.menu ?? ""} aria-label="Account">
          <MenuSection>
            <Header className={styles.who ?? ""}>
              <strong>{email}</strong>
              <span>{data?.account?.isAdministrator ? "Administrator of the server" : rolesOf(data?.roles ?? [])}</span>
            </Header>
            <MenuItem
              id="account"
              className={styles.item ?? ""}
              onAction={() => void navigate({ to: "/settings/account" })}
            >
              <Icon name="settings" />
              <Text slot="label">Your account</Text>
            </MenuItem>
          </MenuSection>
          <Separator className={styles.line ?? ""} />
          <MenuSection
            selectionMode="single"
            selectedKeys={[theme]}
            onSelectionChange={(keys) => {
              const [chosen] = keys === "all" ? [] : keys;
              if (chosen) prefer({ theme: chosen as Theme });
            }}
            aria-label="Theme"
          >
            {themes.map(([id, title, icon]) => (
              <MenuItem key={id} id={id} className={styles.item ?? ""} textValue={title}>
                <Icon name={icon} />
                <Text slot="label">{title}</Text>
                <span className={styles.tick}>{theme === id && <Icon name="check" size={12} />}</span>
              </MenuItem>
            ))}
          </MenuSection>
          <Separator className={styles.line ?? ""} />
          <MenuItem
            id="out"
            className={styles.item ?? ""}
            onAction={() => void signOut(() => navigate({ to: "/sign-in" }))}
          >
            <Icon name="back" />
            <Text slot="label">Sign out</Text>
          </MenuItem>
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

function rolesOf(roles: readonly { role: string; project: string }[]): string {
  return roles.map((one) => `${one.role} of ${one.project}`).join(", ") || "No role in a project";
}

async function signOut(then: () => Promise<void>): Promise<void> {
  try {
    await ok(api.DELETE(`${ADMIN}/session`));
  } catch (error) {
    sayProblem(error);
    return;
  }
  keepCsrfToken(null);
  cache.clear();
  await then();
}

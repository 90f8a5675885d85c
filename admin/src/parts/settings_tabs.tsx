// The tabs that join the pages of settings: of an environment, of a project, of the server.
import { usePlace } from "./place.ts";
import { RouteTabs } from "./tabs.tsx";

export function EnvironmentSettingsTabs() {
  const params = usePlace();
  const tabs = [
    { title: "Auth", to: "/p/$project/$environment/settings/auth", params },
    { title: "Identity providers", to: "/p/$project/$environment/settings/providers", params },
    { title: "Mail", to: "/p/$project/$environment/settings/mail", params },
    { title: "HTTP", to: "/p/$project/$environment/settings/http", params },
    { title: "Limits", to: "/p/$project/$environment/settings/limits", params },
    { title: "Deployments", to: "/p/$project/$environment/settings/gates", params },
    { title: "API keys", to: "/p/$project/$environment/settings/keys", params },
    { title: "Signing keys", to: "/p/$project/$environment/settings/signing-keys", params },
  ] as const;
  return <RouteTabs label="Settings of the environment" tabs={tabs} />;
}

export function ProjectSettingsTabs() {
  const { project } = usePlace();
  const params = { project };
  const tabs = [
    { title: "General", to: "/p/$project/settings/general", params },
    { title: "Environments", to: "/p/$project/settings/environments", params },
    { title: "Members", to: "/p/$project/settings/members", params },
    { title: "Tokens", to: "/p/$project/settings/tokens", params },
    { title: "Assistant", to: "/p/$project/settings/assistant", params },
  ] as const;
  return <RouteTabs label="Settings of the project" tabs={tabs} />;
}

export function ServerSettingsTabs() {
  const tabs = [
    { title: "Server", to: "/settings/server" },
    { title: "Accounts", to: "/settings/accounts" },
    { title: "Admin tokens", to: "/settings/tokens" },
    { title: "Audit log", to: "/settings/audit" },
  ] as const;
  return <RouteTabs label="Settings of the server" tabs={tabs} />;
}

// Everything that the rail, the palette and the shortcuts lead to: one list for all three.
import { linkOptions } from "@tanstack/react-router";
import type { Place } from "../api/client.ts";
import type { IconName } from "../parts/icon.tsx";
import type { Target } from "../parts/link.tsx";

export type Destination = {
  title: string;
  icon: IconName;
  target: Target /** The key after `g`. */;
  key?: string;
  isExact?: boolean;
};
export type Group = { title: string; destinations: Destination[] };

const environmentPath = "/p/$project/$environment";

/** The pages of an environment, in the order of the rail. */
export function destinationsIn(params: Place): Group[] {
  return [
    {
      title: "Build",
      destinations: [
        {
          title: "Overview",
          icon: "home",
          key: "o",
          isExact: true,
          target: linkOptions({ to: environmentPath, params }),
        },
        {
          title: "API & Hooks",
          icon: "shield",
          key: "a",
          target: linkOptions({ to: `${environmentPath}/auth`, params }),
        },
        { title: "Hooks", icon: "hook", key: "h", target: linkOptions({ to: `${environmentPath}/hooks`, params }) },
        {
          title: "Webhooks",
          icon: "webhook",
          key: "w",
          target: linkOptions({ to: `${environmentPath}/webhooks`, params }),
        },
        { title: "Queues", icon: "queue", key: "q", target: linkOptions({ to: `${environmentPath}/queues`, params }) },
        { title: "Schedules", icon: "clock", target: linkOptions({ to: `${environmentPath}/schedules`, params }) },
      ],
    },
    {
      title: "Observe",
      destinations: [
        {
          title: "Invocations",
          icon: "calls",
          key: "c",
          target: linkOptions({ to: `${environmentPath}/calls`, params }),
        },
        { title: "Events", icon: "event", key: "e", target: linkOptions({ to: `${environmentPath}/events`, params }) },
        {
          title: "Deliveries",
          icon: "external",
          key: "d",
          target: linkOptions({ to: `${environmentPath}/deliveries`, params }),
        },
        { title: "Usage", icon: "chart", target: linkOptions({ to: `${environmentPath}/usage`, params }) },
        { title: "Audit log", icon: "log", target: linkOptions({ to: `${environmentPath}/audit`, params }) },
      ],
    },
    {
      title: "Data",
      destinations: [
        { title: "Users", icon: "users", key: "u", target: linkOptions({ to: `${environmentPath}/users`, params }) },
        { title: "Mails", icon: "mail", key: "m", target: linkOptions({ to: `${environmentPath}/mails`, params }) },
        { title: "Database", icon: "database", target: linkOptions({ to: `${environmentPath}/database`, params }) },
        { title: "Secrets", icon: "lock", key: "s", target: linkOptions({ to: `${environmentPath}/secrets`, params }) },
      ],
    },
    {
      title: "Manage",
      destinations: [
        {
          title: "Environment settings",
          icon: "settings",
          target: linkOptions({ to: `${environmentPath}/settings/auth`, params }),
        },
        {
          title: "Project settings",
          icon: "collapse",
          target: linkOptions({ to: "/p/$project/settings/general", params: { project: params.project } }),
        },
      ],
    },
  ];
}

/** The pages of the settings of an environment, for the palette. */
export function settingsIn(params: Place): Destination[] {
  const icon = "settings";
  return [
    { title: "Auth settings", icon, target: linkOptions({ to: `${environmentPath}/settings/auth`, params }) },
    { title: "Identity providers", icon, target: linkOptions({ to: `${environmentPath}/settings/providers`, params }) },
    { title: "Mail settings", icon, target: linkOptions({ to: `${environmentPath}/settings/mail`, params }) },
    { title: "Mail templates", icon: "mail", target: linkOptions({ to: `${environmentPath}/templates`, params }) },
    { title: "HTTP settings", icon, target: linkOptions({ to: `${environmentPath}/settings/http`, params }) },
    { title: "Invocation limits", icon, target: linkOptions({ to: `${environmentPath}/settings/limits`, params }) },
    { title: "Deployment gates", icon, target: linkOptions({ to: `${environmentPath}/settings/gates`, params }) },
    { title: "API keys", icon: "key", target: linkOptions({ to: `${environmentPath}/settings/keys`, params }) },
    {
      title: "Signing keys",
      icon: "key",
      target: linkOptions({ to: `${environmentPath}/settings/signing-keys`, params }),
    },
    {
      title: "SQL console",
      icon: "database",
      target: linkOptions({ to: `${environmentPath}/database/query`, params }),
    },
    // The first is in the rail of the environment.
    ...settingsOfProject(params.project).slice(1),
  ];
}

export function settingsOfProject(project: string): Destination[] {
  const params = { project };
  return [
    {
      title: "Project settings",
      icon: "settings",
      target: linkOptions({ to: "/p/$project/settings/general", params }),
    },
    {
      title: "Environments",
      icon: "home",
      target: linkOptions({ to: "/p/$project/settings/environments", params }),
    },
    { title: "Members", icon: "users", target: linkOptions({ to: "/p/$project/settings/members", params }) },
    { title: "Tokens of the project", icon: "key", target: linkOptions({ to: "/p/$project/settings/tokens", params }) },
    { title: "Assistant", icon: "spark", target: linkOptions({ to: "/p/$project/settings/assistant", params }) },
  ];
}

/** Pages that belong to no project. */
export function ownDestinations(isAdministrator: boolean): Destination[] {
  const own: Destination[] = [
    { title: "Projects", icon: "home", key: "p", isExact: true, target: linkOptions({ to: "/" }) },
    { title: "Your account", icon: "user", target: linkOptions({ to: "/settings/account" }) },
  ];
  if (!isAdministrator) return own;
  return [
    ...own,
    { title: "Server", icon: "settings", target: linkOptions({ to: "/settings/server" }) },
    { title: "Accounts", icon: "users", target: linkOptions({ to: "/settings/accounts" }) },
    { title: "Admin tokens", icon: "key", target: linkOptions({ to: "/settings/tokens" }) },
    { title: "Audit log of the server", icon: "log", target: linkOptions({ to: "/settings/audit" }) },
  ];
}

/** The environments of a project, each by its first page. */
export function environmentsOf(project: string, names: readonly string[]): Destination[] {
  return names.map((environment) => ({
    title: environment,
    icon: "right",
    target: linkOptions({ to: environmentPath, params: { project, environment } }),
  }));
}

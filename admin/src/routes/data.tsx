// Routes of users, mails, the database, secrets, settings and the audit log, and the settings of a project and the server.
// A page is added by its line `component: lazyRouteComponent(() => import("../pages/<page>/<page>.tsx"), "<Page>")`.
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";
import { moment, oneOf, searchOf, text } from "../parts/search.ts";
import { environment, frame, project } from "./base.tsx";

const audit = searchOf({
  action: text,
  actor: text,
  target: text,
  from: moment,
  to: moment,
  before: text,
  entry: text,
});

export const dataRoutes = [
  createRoute({
    getParentRoute: () => environment,
    path: "/usage",
    validateSearch: searchOf({ hook: text, from: moment, to: moment }),
    component: lazyRouteComponent(() => import("../pages/usage/usage.tsx"), "Usage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/users",
    validateSearch: searchOf({
      q: text,
      banned: oneOf("true", "false"),
      provider: text,
      verified: oneOf("true", "false"),
      after: moment,
      until: moment,
      before: text,
    }),
    component: lazyRouteComponent(() => import("../pages/users/users.tsx"), "Users"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/users/$user",
    validateSearch: searchOf({ tab: oneOf("sessions", "login", "invocations", "events") }),
    component: lazyRouteComponent(() => import("../pages/users/user.tsx"), "User"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/mails",
    validateSearch: searchOf({
      state: oneOf("waiting", "sent", "captured", "failed"),
      to: text,
      template: text,
      before: text,
      mail: text,
    }),
    component: lazyRouteComponent(() => import("../pages/mails/mails.tsx"), "Mails"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/mails/$mail",
    component: lazyRouteComponent(() => import("../pages/mails/mail.tsx"), "MailPage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/templates",
    component: lazyRouteComponent(() => import("../pages/mail_templates/templates.tsx"), "Templates"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/templates/$template",
    component: lazyRouteComponent(() => import("../pages/mail_templates/template.tsx"), "Template"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/database",
    component: lazyRouteComponent(() => import("../pages/database/database.tsx"), "Database"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/database/query",
    validateSearch: searchOf({ sql: text }),
    component: lazyRouteComponent(() => import("../pages/database/query.tsx"), "Query"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/database/tables/$table",
    validateSearch: searchOf({ tab: oneOf("columns"), filter: text, order: oneOf("desc"), after: text }),
    component: lazyRouteComponent(() => import("../pages/database/table.tsx"), "TablePage"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/secrets",
    component: lazyRouteComponent(() => import("../pages/secrets/secrets.tsx"), "Secrets"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/audit",
    validateSearch: audit,
    component: lazyRouteComponent(() => import("../pages/audit/audit.tsx"), "Audit"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/auth",
    component: lazyRouteComponent(() => import("../pages/settings/auth.tsx"), "AuthSettings"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/providers",
    component: lazyRouteComponent(() => import("../pages/settings/providers.tsx"), "ProviderSettings"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/mail",
    component: lazyRouteComponent(() => import("../pages/settings/mail.tsx"), "MailSettings"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/http",
    component: lazyRouteComponent(() => import("../pages/settings/http.tsx"), "HttpSettings"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/limits",
    component: lazyRouteComponent(() => import("../pages/settings/limits.tsx"), "LimitSettings"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/gates",
    component: lazyRouteComponent(() => import("../pages/settings/gates.tsx"), "GateSettings"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/keys",
    component: lazyRouteComponent(() => import("../pages/keys/keys.tsx"), "Keys"),
  }),
  createRoute({
    getParentRoute: () => environment,
    path: "/settings/signing-keys",
    component: lazyRouteComponent(() => import("../pages/signing_keys/signing_keys.tsx"), "SigningKeys"),
  }),
] as const;

export const projectSettingsRoutes = [
  createRoute({
    getParentRoute: () => project,
    path: "/settings/general",
    component: lazyRouteComponent(() => import("../pages/project_settings/general.tsx"), "GeneralSettings"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/settings/members",
    component: lazyRouteComponent(() => import("../pages/members/members.tsx"), "Members"),
    validateSearch: searchOf({ member: text }),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/settings/tokens",
    component: lazyRouteComponent(() => import("../pages/tokens/tokens.tsx"), "Tokens"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/settings/environments",
    component: lazyRouteComponent(() => import("../pages/project_settings/environments.tsx"), "Environments"),
  }),
  createRoute({
    getParentRoute: () => project,
    path: "/settings/assistant",
    component: lazyRouteComponent(() => import("../pages/project_settings/assistant.tsx"), "AssistantPage"),
  }),
] as const;

export const serverSettingsRoutes = [
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/server",
    component: lazyRouteComponent(() => import("../pages/server_settings/server.tsx"), "Server"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/accounts",
    component: lazyRouteComponent(() => import("../pages/server_settings/accounts.tsx"), "Accounts"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/tokens",
    component: lazyRouteComponent(() => import("../pages/server_settings/server_tokens.tsx"), "ServerTokens"),
  }),
  createRoute({
    getParentRoute: () => frame,
    path: "/settings/audit",
    validateSearch: audit,
    component: lazyRouteComponent(() => import("../pages/server_settings/server_audit.tsx"), "ServerAudit"),
  }),
] as const;

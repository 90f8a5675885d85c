// What an entry of the audit log says, in words and as rows of before and after. Knows no page.

/** Actions as the server names them, and what they are called. Newer servers have more: those are shown by their name. */
export const ACTIONS: Readonly<Record<string, string>> = {
  "account.locked": "Account locked after wrong passwords",
  "admin_account.created": "Account of an admin created",
  "admin_account.deleted": "Account of an admin deleted",
  "admin_account.password_changed": "Password of an admin changed",
  "admin_account.password_reset": "Password of an admin reset with a link",
  "admin_account.password_reset_created": "Password reset link of an admin created",
  "admin_account.recovery_codes_renewed": "Recovery codes of an admin renewed",
  "admin_account.totp_enabled": "Authenticator app of an admin added",
  "admin_account.totp_removed": "Authenticator app of an admin removed",
  "admin_account.updated": "Account of an admin changed",
  "admin_session.confirmed": "Session of an admin confirmed",
  "admin_session.created": "Admin signed in",
  "admin_session.ended": "Session of an admin ended",
  "admin_token.created": "Admin token created",
  "admin_token.revoked": "Admin token revoked",
  "admin_token.rotated": "Admin token rotated",
  "api_key.created": "API key created",
  "api_key.revoked": "API key revoked",
  "api_key.rotated": "API key rotated",
  "assistant.asked": "Assistant asked",
  "assistant.proposed": "Proposal of the assistant made",
  "assistant.tested": "Model of the assistant tested",
  "backtest.deleted": "Backtest deleted",
  "backtest.started": "Backtest started",
  "backtest.stopped": "Backtest stopped",
  "database.queried": "Database queried",
  "deployment.created": "Versions deployed",
  "deployment.rolled_back": "Deployment rolled back",
  "environment.created": "Environment created",
  "environment.deleted": "Environment deleted",
  "environment.renamed": "Environment renamed",
  "hook.disabled": "Hook disabled",
  "hook.enabled": "Hook enabled",
  "hook_case.deleted": "Test case deleted",
  "hook_case.put": "Test case saved",
  "hook_draft.created": "Draft begun",
  "hook_draft.deleted": "Draft deleted",
  "hook_draft.updated": "Draft saved",
  "hook_proposal.applied": "Proposal of the assistant applied",
  "hook_version.uploaded": "Version made",
  "identity.linked": "Identity linked",
  "identity.removed": "Identity removed",
  "invitation.accepted": "Invitation accepted",
  "invitation.created": "Invitation created",
  "invitation.revoked": "Invitation revoked",
  "invocation.exported": "Invocation exported",
  "job.requeued": "Job requeued",
  "job.deleted": "Job deleted",
  "mail_template.deleted": "Mail template deleted",
  "mail_template.put": "Mail template saved",
  "mail.resent": "Mail sent again",
  "mail.tested": "Test mail sent",
  "member.added": "Member added",
  "member.changed": "Role of a member changed",
  "member.removed": "Member removed",
  "mfa.enrolled": "Second factor enrolled",
  "mfa.removed": "Second factor removed",
  "password.changed": "Password changed",
  "password.reset": "Password reset",
  "personal_token.created": "Personal token created",
  "personal_token.revoked": "Personal token revoked",
  "project.created": "Project created",
  "project.deleted": "Project deleted",
  "project.renamed": "Project renamed",
  "queue.requeued": "Dead jobs of a queue requeued",
  "request.tried": "Request tried live",
  "rollout.changed": "Rollout changed",
  "rollout.deleted": "Rollout deleted",
  "rollout.ended": "Rollout ended by itself",
  "rollout.started": "Rollout started",
  "rollout.stopped": "Rollout stopped",
  "schedule.run": "Schedule run by hand",
  "secret.deleted": "Secret deleted",
  "secret.put": "Secret set",
  "session.refresh_token_reused": "Session ended: a refresh token was used twice",
  "setting.put": "Setting changed",
  "signing_key.rotated": "Signing keys rotated",
  "user.banned": "User banned",
  "user.created": "User created",
  "user.deleted": "User deleted",
  "user.exported": "Data of a user exported",
  "user.logged_out": "Sessions of a user ended",
  "user.password_reset_sent": "Password reset sent to a user",
  "user.session_ended": "Session of a user ended",
  "user.unbanned": "Ban of a user lifted",
  "user.updated": "User changed",
  "webhook.created": "Webhook endpoint created",
  "webhook.deleted": "Webhook endpoint deleted",
  "webhook.disabled": "Webhook endpoint disabled",
  "webhook.replayed": "Deliveries sent again",
  "webhook.secret_rotated": "Secret of a webhook endpoint rotated",
  "webhook.updated": "Webhook endpoint changed",
};

export function actionInWords(action: string): string {
  return ACTIONS[action] ?? action;
}

/** One thing that changed; absent where there was nothing before, or is nothing after. */
export type Change = { name: string; before?: unknown; after?: unknown };

/** What changed, and what else the entry says. */
export type Told = { changes: Change[]; rest: Record<string, unknown> };

export function readData(data: Record<string, unknown>): Told {
  const { before, after, from, to, ...rest } = data;
  if (before !== undefined || after !== undefined) return { changes: compare(before, after), rest };
  if (from !== undefined && to !== undefined) return { changes: [{ name: "name", before: from, after: to }], rest };
  return { changes: [], rest: data };
}

function compare(before: unknown, after: unknown): Change[] {
  if (!isObject(before) && !isObject(after))
    return [{ name: "value", ...side("before", before), ...side("after", after) }];
  const [old, now] = [flat(before), flat(after)];
  const names = [...new Set([...old.keys(), ...now.keys()])];
  return names
    .filter((name) => JSON.stringify(old.get(name)) !== JSON.stringify(now.get(name)))
    .map((name) => ({ name, ...side("before", old.get(name)), ...side("after", now.get(name)) }));
}

function side(name: "before" | "after", value: unknown): Partial<Change> {
  return value === undefined || value === null ? {} : { [name]: value };
}

function flat(value: unknown, prefix = ""): Map<string, unknown> {
  const found = new Map<string, unknown>();
  if (!isObject(value)) return found;
  for (const [name, member] of Object.entries(value)) {
    if (isObject(member)) for (const [path, inner] of flat(member, `${prefix}${name}.`)) found.set(path, inner);
    else found.set(`${prefix}${name}`, member);
  }
  return found;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

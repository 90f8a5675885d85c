import type { BeforeTokenIssue } from "@aerocall/hooks";

export const beforeTokenIssue: BeforeTokenIssue = async (_context, { user, claims }, { db }) => {
  const rows = await db.query<{ team: string }>("SELECT team FROM members WHERE user_id = $1 ORDER BY team", [user.id]);
  return { patch: { claims: { ...claims, teams: rows.map((row) => row.team) } } };
};

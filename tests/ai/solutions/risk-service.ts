import type { BeforeSignup } from "@aerocall/hooks";

async function scoreOf(email: string): Promise<number> {
  try {
    const answer = await fetch(`https://risk.example/v1/score?email=${encodeURIComponent(email)}`);
    if (!answer.ok) return 0;
    const { score } = await answer.json();
    return typeof score === "number" ? score : 0;
  } catch {
    return 0;
  }
}

export const beforeSignup: BeforeSignup = async (_context, { user }) => {
  if ((await scoreOf(user.email)) >= 80) {
    return { deny: { code: "too_risky", message: "We cannot create this account", status: 403 } };
  }
};

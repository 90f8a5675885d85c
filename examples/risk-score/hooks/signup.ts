import { AerocallError, type BeforeSignup, defineConfig } from "@aerocall/hooks";

const tooHigh = 80;
const patienceMs = 300;

export const config = defineConfig({
  capabilities: { http: ["ip.risk.example", "mail.risk.example"] },
  limits: { deadlineMs: 1_000, httpRequests: 2 },
});

/** The score of the request itself, 0 to 100. */
function ownSignals(email: string, userAgent: string): number {
  const digits = email.slice(0, email.indexOf("@")).replace(/\D/g, "").length;
  return (digits >= 6 ? 50 : 0) + (userAgent === "" ? 40 : 0);
}

/** The score of a service; 0 when it is late, away or out of its mind. */
async function ask(url: string, signal: AbortSignal): Promise<number> {
  try {
    const answer = await fetch(url, { signal });
    const { score } = answer.ok ? await answer.json() : { score: Number.NaN };
    if (typeof score === "number" && score >= 0 && score <= 100) return score;
    console.warn(`${new URL(url).host} answers ${answer.status} without a score`);
  } catch (error) {
    const why = error instanceof AerocallError ? error.code : error;
    console.warn(`${new URL(url).host} does not answer:`, why);
  }
  return 0;
}

export const beforeSignup: BeforeSignup = async ({ request }, { user }) => {
  let risk = ownSignals(user.email, request.userAgent);
  if (risk <= tooHigh) {
    const signal = AbortSignal.timeout(patienceMs);
    const scores = await Promise.all([
      ask(`https://ip.risk.example/v1/${encodeURIComponent(request.ip)}`, signal),
      ask(`https://mail.risk.example/v1/${encodeURIComponent(user.email)}`, signal),
    ]);
    risk += Math.max(...scores);
  }
  if (risk <= tooHigh) return { patch: { user: { metadata: { risk } } } };
  console.info(`risk ${risk}`);
  return { deny: { code: "risk_too_high", message: "We cannot create this account", status: 403 } };
};

import type { Aerocall, BeforeLogin, BeforeSignup, Refuse, RequestContext } from "@aerocall/hooks";

const windowSeconds = 600;

/** IPv4 addresses as they are; of an IPv6 address the network, its first 64 bits. */
function networkOf(ip: string): string {
  if (!ip.includes(":")) return ip;
  const [start = "", end = ""] = ip.split("::");
  const [before, after] = [start, end].map((half) => half.split(":").filter((group) => group !== ""));
  const missing = ip.includes("::") ? 8 - (before?.length ?? 0) - (after?.length ?? 0) : 0;
  const groups = [...(before ?? []), ...Array<string>(missing).fill("0"), ...(after ?? [])];
  return `${groups.slice(0, 4).map((group) => Number.parseInt(group, 16).toString(16)).join(":")}::/64`;
}

/** Counts in fixed windows: the first request makes the counter, and it goes when its time is over. */
async function limit(context: RequestContext, { cache, log }: Aerocall, most: number): Promise<Refuse | undefined> {
  const network = networkOf(context.request.ip);
  const count = await cache.increment(`rate:${context.hook}:${network}`, 1, { ttl: windowSeconds });
  if (count <= most) return undefined;
  log.warn(`${context.hook}: request ${count} from ${network}`);
  return { deny: { code: "too_many_requests", message: "Too many attempts. Please try again later.", status: 429 } };
}

export const beforeSignup: BeforeSignup = (context, _payload, Aerocall) => limit(context, Aerocall, 5);

export const beforeLogin: BeforeLogin = (context, _payload, Aerocall) => limit(context, Aerocall, 20);

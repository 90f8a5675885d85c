import type { BeforeSignup } from "@aerocall/hooks";
import { ways } from "../lib/ways";

/** `NAME@…` fails in that way, `NAME+log@…` logs the error. */
export const beforeSignup: BeforeSignup = (_context, payload, sdk) => {
  const [name = "", log] = payload.user.email.split("@")[0]!.split("+");
  const way = ways[name];
  const any = { ...payload, symbol: Symbol("symbol"), big: 1n };
  if (log === undefined) return way?.(any, sdk) as undefined;
  return logged(() => way?.(any, sdk));
};

async function logged(run: () => unknown): Promise<undefined> {
  try {
    await run();
  } catch (error) {
    console.error(error);
    console.info((error as Error)?.stack);
  }
}

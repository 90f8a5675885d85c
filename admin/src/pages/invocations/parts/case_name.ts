// A name for a test case made of an invocation: what came of it, where, and a mark that tells it from the others.
import type { InvocationDetail } from "../../../api/queries/invocations.ts";

const LONGEST = 64;

/** `denies-free_mail-at-beforeSignup-3f2a`: letters, digits, `_` and `-`, as the server takes them. */
export function caseName(of: Pick<InvocationDetail, "id" | "point" | "reply">): string {
  const mark = of.id.slice(-4);
  const words = `${verb(of.reply)} at ${of.point}`.replaceAll(/[^A-Za-z0-9_]+/g, "-");
  return `${words.slice(0, LONGEST - mark.length - 1)}-${mark}`;
}

function verb(reply: InvocationDetail["reply"]): string {
  switch (reply.kind) {
    case "allow":
      return "allows";
    case "patch":
      return `patches ${Object.keys(reply.patch).join(", ")}`;
    case "deny":
      return `denies ${reply.code}`;
    case "failure":
      return `fails with ${reply.code}`;
  }
}

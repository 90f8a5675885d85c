// A name for a test case made of an invocation: what came of it, where, and a mark that tells it from the others.
import type { InvocationDetail } from "../../../api/queries/invocations.ts";

const LONGEST = 64;

/** `denies free_mail at beforeSignup 3f2a`. */
export function caseName(of: Pick<InvocationDetail, "id" | "point" | "reply">): string {
  const mark = of.id.slice(-4);
  return `${verb(of.reply)} at ${of.point} ${mark}`.slice(0, LONGEST);
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

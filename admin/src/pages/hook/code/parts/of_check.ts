// What the server's compiler said, as problems of the editor.
import type { Diagnostic } from "../../../../../../docs/openapi.d.ts";
import type { Problem } from "../../../../editor/problems.ts";
import type { Check } from "../../draft/draft_session.ts";

const none: Problem[] = [];
const known = new WeakMap<readonly Diagnostic[], Problem[]>();

/** The problems of the last check; the same list for the same check. */
export function ofCheck(check: Check): readonly Problem[] {
  const diagnostics = check.kind === "none" ? undefined : check.last?.result.diagnostics;
  if (!diagnostics) return none;
  const problems = known.get(diagnostics) ?? diagnostics.map(problemOf);
  known.set(diagnostics, problems);
  return problems;
}

function problemOf(one: Diagnostic): Problem {
  return { ...one, severity: one.severity, source: "aerocall" };
}

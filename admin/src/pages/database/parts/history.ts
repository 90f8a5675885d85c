// Statements that were run since the page was loaded, of each environment apart. In memory alone.
import type { Place } from "../../../api/client.ts";

const MOST = 20;
const kept = new Map<string, readonly string[]>();

const keyOf = ({ project, environment }: Place) => `${project}/${environment}`;

export function earlier(place: Place): readonly string[] {
  return kept.get(keyOf(place)) ?? [];
}

/** The newest first, each once. */
export function remember(place: Place, statement: string): readonly string[] {
  const others = earlier(place).filter((one) => one !== statement);
  const next = [statement, ...others].slice(0, MOST);
  kept.set(keyOf(place), next);
  return next;
}

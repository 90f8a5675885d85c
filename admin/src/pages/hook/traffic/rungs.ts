// The ladder: ways to try a version on calls, from no risk to real, each with the same three questions. Pure: words and order.

export const RUNGS = ["try", "replay", "backtest", "shadow", "canary"] as const;
export type RungName = (typeof RUNGS)[number];

export type Rung = {
  name: RungName;
  title: string;
  /** Which calls? */
  calls: string;
  /** Which answers from outside? */
  answers: string;
  /** Whose reply counts? */
  counts: string;
  /** Can something change? */
  changes: string;
};

export const LADDER: readonly Rung[] = [
  {
    name: "try",
    title: "Try",
    calls: "One that you write: of the hook, or a whole request",
    answers: "Simulated",
    counts: "Nobody's: the reply is shown",
    changes: "Nothing can change",
  },
  {
    name: "replay",
    title: "Replay",
    calls: "One that happened",
    answers: "As recorded",
    counts: "Nobody's: the reply is shown",
    changes: "Nothing can change",
  },
  {
    name: "backtest",
    title: "Backtest",
    calls: "Many that happened",
    answers: "As recorded",
    counts: "Nobody's: decisions are counted",
    changes: "Nothing can change",
  },
  {
    name: "shadow",
    title: "Shadow",
    calls: "Live ones, after the response",
    answers: "Reads are real, everything else is simulated",
    counts: "The live version's",
    changes: "Nothing can change",
  },
  {
    name: "canary",
    title: "Canary",
    calls: "Live ones of a share of the users",
    answers: "Real",
    counts: "The version's; if it fails, the live version's",
    changes: "Yes: it decides. It stops by itself",
  },
];

export function rungOf(name: RungName): Rung {
  const found = LADDER.find((one) => one.name === name);
  if (!found) throw new Error(`no rung ${name}`);
  return found;
}

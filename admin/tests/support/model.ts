// A language model of tests, on this machine: it answers what a test says, one step for each request, over the real protocol.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { createInterface } from "node:readline";

const PROGRAM = resolve(import.meta.dirname, "../../../tests/ai/scripted.mjs");

/** One answer; what else it can have is said in `tests/ai/scripted.mjs`. */
export interface Step {
  text?: string;
  pieces?: number;
  ending?: string;
  status?: number;
  body?: unknown;
}

export interface ScriptedModel {
  /** The settings of a server whose assistant it is. */
  settings: Record<string, string>;
  /** What it answers from now on; the last step is repeated. */
  says(...steps: Step[]): Promise<void>;
  /** Everything that it was asked since it answers this, as text. */
  asked(): Promise<string>;
  stop(): Promise<void>;
}

const NAME = "browser";

export async function scriptedModel(): Promise<ScriptedModel> {
  const child = spawn(process.execPath, [PROGRAM], { stdio: ["ignore", "pipe", "inherit"] });
  const url = `http://127.0.0.1:${await portOf(child)}`;
  return {
    settings: {
      AEROCALL_ASSISTANT_PROVIDER: "openai",
      AEROCALL_ASSISTANT_BASE_URL: `${url}/v1`,
      AEROCALL_ASSISTANT_MODEL: NAME,
      AEROCALL_ASSISTANT_ALLOW_PRIVATE: "127.0.0.1/32",
    },
    says: async (...steps) => {
      await fetch(`${url}/scripts/${NAME}`, { method: "PUT", body: JSON.stringify(steps) });
      await fetch(`${url}/requests`, { method: "DELETE" });
    },
    asked: async () => (await fetch(`${url}/requests`)).text(),
    stop: async () => {
      const ended = once(child, "exit");
      child.kill();
      await ended;
    },
  };
}

/** The first line that it prints. */
async function portOf(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error("no output");
  for await (const line of createInterface({ input: child.stdout })) {
    // What it prints later is not read, and it prints nothing later.
    return Number(line);
  }
  throw new Error(`${PROGRAM} ended before it listened`);
}

// How to turn the assistant on: for this project by the form below, or for all projects in the configuration of the server.
import { CodeBlock } from "../../../parts/code.tsx";
import { Section } from "../../../parts/page.tsx";
import styles from "./turn_it_on.module.css";

/** Ollama as it comes; llama.cpp and vLLM differ in the port alone. */
const CONFIGURATION = `[assistant]
provider = "openai"
base_url = "http://127.0.0.1:11434/v1"
model = "qwen3-coder"
# Nothing may be sent to the server's own machine otherwise.
allow_private = ["127.0.0.1/32"]
`;

export function TurnItOn({ isTurnedOff }: { isTurnedOff: boolean }) {
  return (
    <Section
      title="How to turn it on"
      lead={
        isTurnedOff
          ? "This project turned it off. It can have a model of its own, or go back to what the server has."
          : "Nothing is sent anywhere as long as it is off, and everything else works."
      }
    >
      <ol className={styles.ways}>
        <li>
          <strong>For this project:</strong> name a model below, with the address of its server and a key if it needs
          one.
        </li>
        <li>
          <strong>For all projects:</strong> add it to the configuration of the server and start it again. For a model
          on the same machine, as Ollama serves one:
          <CodeBlock code={CONFIGURATION} label="The configuration" />
        </li>
      </ol>
    </Section>
  );
}

// An outcome or a state: a shape, a colour and a word, so that each alone is enough.
import { type Look, lookOf, lookOfState, type Shape } from "../words/outcomes.ts";
import styles from "./outcome.module.css";
import type { Tone } from "./tag.tsx";

/** How an invocation ended. */
export function Outcome({ of, isBare }: { of: string | null | undefined; isBare?: boolean }) {
  return <Shown look={lookOf(of)} code={of} isBare={isBare} />;
}

/** The state of a hook, job, delivery, mail, gate… */
export function Status({ of, word, isBare }: { of: string | null | undefined; word?: string; isBare?: boolean }) {
  const look = lookOfState(of);
  return <Shown look={word ? { ...look, word } : look} code={of} isBare={isBare} />;
}

/** A shape of a tone before words of one's own. */
export function Mark({ tone, shape, word }: { tone: Tone; shape: Shape; word?: string }) {
  return (
    <span className={`${styles.mark} ${styles[tone] ?? ""}`}>
      <ShapeOf shape={shape} />
      {word && <span className="hidden-visually">{word}</span>}
    </span>
  );
}

function Shown({ look, code, isBare }: { look: Look; code: string | null | undefined; isBare: boolean | undefined }) {
  return (
    <span className={styles.outcome} title={isBare ? look.word : (code ?? undefined)}>
      <span className={`${styles.mark} ${styles[look.tone] ?? ""}`}>
        <ShapeOf shape={look.shape} />
      </span>
      <span className={isBare ? "hidden-visually" : styles[look.tone]}>{look.word}</span>
    </span>
  );
}

function ShapeOf({ shape }: { shape: Shape }) {
  return (
    <svg width="10" height="10" viewBox="0 0 10 10" fill="currentColor" aria-hidden="true">
      {shape === "disc" && <circle cx="5" cy="5" r="4" />}
      {shape === "ring" && <circle cx="5" cy="5" r="3.3" fill="none" stroke="currentColor" strokeWidth="1.4" />}
      {shape === "half" && (
        <>
          <circle cx="5" cy="5" r="3.3" fill="none" stroke="currentColor" strokeWidth="1.4" />
          <path d="M5 1a4 4 0 0 1 0 8z" />
        </>
      )}
      {shape === "square" && <rect x="1.2" y="1.2" width="7.6" height="7.6" rx="0.8" />}
      {shape === "triangle" && <path d="M5 0.8 9.6 9H0.4z" />}
      {shape === "question" && (
        <path
          d="M3 3.4a2 2 0 1 1 2.9 1.8c-.6.3-.9.6-.9 1.3M5 8.8h.01"
          fill="none"
          stroke="currentColor"
          strokeWidth="1.6"
          strokeLinecap="round"
        />
      )}
    </svg>
  );
}

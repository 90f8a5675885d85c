// What happened one after the other, as bars on one scale: the parts of a request, the host calls of an invocation. Each row says
// its times in words as well.
import type { ReactNode } from "react";
import { Duration } from "./figures.tsx";
import { duration } from "./format.ts";
import type { Tone } from "./tag.tsx";
import styles from "./timeline.module.css";

export type Span = {
  id: string;
  name: string;
  startUs: number;
  lengthUs: number;
  tone?: Tone;
  /** 1 is part of the row of depth 0 above it. */
  depth?: number;
  /** Beside the name: an outcome, a size. */
  detail?: ReactNode;
  onOpen?: () => void;
  isOpen?: boolean;
};

type Props = {
  label: string;
  totalUs: number;
  spans: readonly Span[] /** Of an opened row. */;
  renderOpen?: (id: string) => ReactNode;
};

/** How many times are written above the bars. */
const TICKS = 4;

export function Timeline({ label, totalUs, spans, renderOpen }: Props) {
  const total = Math.max(totalUs, 1);
  return (
    <section className={styles.timeline} aria-label={label}>
      <div className={styles.scale} aria-hidden="true">
        {Array.from({ length: TICKS + 1 }, (_, tick) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the ticks are all alike
          <span key={tick}>{duration((total / TICKS) * tick)}</span>
        ))}
      </div>
      <ol>
        {spans.map((span) => (
          <li key={span.id}>
            <SpanRow span={span} total={total} />
            {span.isOpen && <div className={styles.opened}>{renderOpen?.(span.id)}</div>}
          </li>
        ))}
      </ol>
    </section>
  );
}

function SpanRow({ span, total }: { span: Span; total: number }) {
  const start = Math.min(Math.max((span.startUs / total) * 100, 0), 99.5);
  const width = Math.min(Math.max((span.lengthUs / total) * 100, 0.5), 100 - start);
  const words = (
    <>
      {/* The indentation and the bar are geometry that no rule can know. */}
      <span className={styles.name} style={{ paddingInlineStart: `${(span.depth ?? 0) * 16}px` }}>
        {span.name}
      </span>
      <span className={styles.detail}>{span.detail}</span>
      <span className={styles.track} aria-hidden="true">
        <span
          className={`${styles.bar} ${styles[span.tone ?? "neutral"]}`}
          style={{ insetInlineStart: `${start}%`, width: `${width}%` }}
        />
      </span>
      <span className={styles.time}>
        <Duration us={span.lengthUs} />
        <span className="hidden-visually"> from {duration(span.startUs)}</span>
      </span>
    </>
  );
  if (!span.onOpen) return <div className={styles.row}>{words}</div>;
  return (
    <button
      type="button"
      className={`${styles.row} ${styles.opens}`}
      aria-expanded={span.isOpen ?? false}
      onClick={span.onOpen}
    >
      {words}
    </button>
  );
}

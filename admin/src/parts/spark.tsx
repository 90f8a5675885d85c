// A line of a few numbers without axes, beside the words that say what they are.
import styles from "./spark.module.css";
import type { Tone } from "./tag.tsx";

const WIDTH = 96;
const HEIGHT = 20;

type Props = {
  values: readonly number[] /** What it shows, in words: "Invocations per hour, 24 hours, at most 120". */;
  label: string;
  tone?: Tone;
};

export function Spark({ values, label, tone = "neutral" }: Props) {
  const top = Math.max(...values, 1);
  const step = WIDTH / Math.max(values.length, 1);
  return (
    <svg
      className={`${styles.spark} ${styles[tone] ?? ""}`}
      width={WIDTH}
      height={HEIGHT}
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      {values.map((value, index) => {
        const height = value > 0 ? Math.max((value / top) * HEIGHT, 1.5) : 0.75;
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: the place is what a bar is
            key={index}
            x={index * step}
            y={HEIGHT - height}
            width={Math.max(step - 1, 0.5)}
            height={height}
            opacity={value > 0 ? 1 : 0.4}
          />
        );
      })}
    </svg>
  );
}

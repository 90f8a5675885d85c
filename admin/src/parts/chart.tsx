// Lines over time, drawn by uPlot: with a sentence that says what they show, and a table of the same numbers for whoever cannot
// see or point. The one place that knows the library.
import { useEffect, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { onPreferences } from "../api/preferences.ts";
import { Button } from "./button.tsx";
import styles from "./chart.module.css";
import { dayAndTime, momentOnAxis, number } from "./format.ts";
import type { Tone } from "./tag.tsx";

export type Series = {
  name: string;
  tone: Tone;
  values: readonly (number | null)[] /** How a value is written. */;
  shown?: (value: number) => string;
};

const HEIGHT = 160;

type Props = {
  label: string;
  /** What the chart says, in one sentence: "412 invocations, 3 failed; most of them at 14:00." */
  summary: string;
  /** Milliseconds, in order. */
  times: readonly number[];
  series: readonly Series[];
  height?: number;
  /** Bars for counts, lines for measurements. */
  kind?: "bars" | "lines";
  /** Calls with the range that somebody has drawn over the chart. */
  onRange?: (from: number, to: number) => void;
};

export function Chart({ label, summary, times, series, height = HEIGHT, kind = "lines", onRange }: Props) {
  const [isTable, setTable] = useState(false);
  return (
    <figure className={styles.chart}>
      <figcaption className={styles.caption}>
        <span className={styles.label}>{label}</span>
        <span className={styles.legend} aria-hidden="true">
          {series.map((one) => (
            <span key={one.name} className={styles[one.tone]}>
              {one.name}
            </span>
          ))}
        </span>
        <Button small kind="quiet" onPress={() => setTable(!isTable)}>
          {isTable ? "Show the chart" : "Show as a table"}
        </Button>
      </figcaption>
      <p className={styles.summary}>{summary}</p>
      {isTable ? (
        <Numbers label={label} times={times} series={series} />
      ) : (
        <Drawing times={times} series={series} height={height} kind={kind} {...(onRange ? { onRange } : {})} />
      )}
    </figure>
  );
}

/** As high as a chart, so that what stands below stays where it is when it comes. */
export function WaitingChart({ label }: { label: string }) {
  return (
    <figure className={styles.chart} role="status" aria-label="Loading">
      <figcaption className={styles.caption}>
        <span className={styles.label}>{label}</span>
        <span className={styles.unseen}>
          <Button small kind="quiet">
            Show as a table
          </Button>
        </span>
      </figcaption>
      <p className={styles.summary}>&nbsp;</p>
      <div className={styles.blank} />
    </figure>
  );
}

type DrawingProps = Required<Pick<Props, "times" | "series" | "height" | "kind">> & Pick<Props, "onRange">;

function Drawing({ times, series, height, kind, onRange }: DrawingProps) {
  const place = useRef<HTMLDivElement>(null);
  const range = useRef(onRange);
  range.current = onRange;
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const drawn = kind === "bars" ? stacked(series) : series;
    const data = [times.map((time) => time / 1000), ...drawn.map((one) => [...one.values])] as uPlot.AlignedData;
    const draw = () =>
      new uPlot(
        options({ series: drawn, height, kind, width: element.clientWidth, onRange: range.current }),
        data,
        element,
      );
    let plot = draw();
    const again = () => {
      plot.destroy();
      plot = draw();
    };
    const size = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    size.observe(element);
    // The colours are read when it is drawn.
    const leave = onPreferences(again);
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    system.addEventListener("change", again);
    return () => {
      size.disconnect();
      leave();
      system.removeEventListener("change", again);
      plot.destroy();
    };
  }, [times, series, height, kind]);
  return <div ref={place} className={styles.drawing} aria-hidden="true" />;
}

/** Counts of one step stand on each other, the first at the bottom: each is drawn as high as the sum, the highest first. */
function stacked(series: readonly Series[]): Series[] {
  const sums: number[] = [];
  const made = series.map((one) => {
    one.values.forEach((value, index) => {
      sums[index] = (sums[index] ?? 0) + (value ?? 0);
    });
    return { ...one, values: [...sums] };
  });
  // A bar without a height would still have an edge.
  return made.reverse().map((one) => ({ ...one, values: one.values.map((value) => value || null) }));
}

type OptionsOf = Pick<DrawingProps, "series" | "height" | "kind" | "onRange"> & { width: number };

function options({ series, height, kind, width, onRange }: OptionsOf): uPlot.Options {
  const page = getComputedStyle(document.documentElement);
  const token = (name: string) => page.getPropertyValue(`--${name}`).trim();
  const axis = {
    stroke: token("dim"),
    grid: { stroke: token("line"), width: 1 },
    ticks: { show: false },
    font: `11px ${token("font")}`,
  };
  const bars = kind === "bars" ? uPlot.paths.bars?.({ size: [0.8, 32] }) : undefined;
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 4, 0, 0],
    cursor: { drag: { x: Boolean(onRange), y: false, setScale: false }, points: { size: 5 } },
    scales: { y: { range: (_, min, max) => [Math.min(0, min ?? 0), (max ?? 0) > 0 ? (max ?? 1) * 1.05 : 1] } },
    axes: [
      { ...axis, size: 24, values: (_, ticks) => ticks.map((tick) => momentOnAxis(tick * 1000)) },
      { ...axis, size: 52, values: (_, ticks) => ticks.map((tick) => series[0]?.shown?.(tick) ?? number(tick)) },
    ],
    series: [
      {},
      ...series.map((one) => ({
        label: one.name,
        stroke: token(one.tone === "neutral" ? "dim" : one.tone),
        width: 1.5,
        // A value between two that are missing is no line.
        points: bars ? { show: false } : { size: 4, filter: alone },
        ...(bars ? { fill: token(one.tone === "neutral" ? "dim" : one.tone), paths: bars } : {}),
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (!onRange || plot.select.width < 4) return;
          const at = (pixels: number) => Math.round(plot.posToVal(pixels, "x") * 1000);
          onRange(at(plot.select.left), at(plot.select.left + plot.select.width));
        },
      ],
    },
  };
}

/** The values that have no neighbour. */
const alone: uPlot.Series.Points.Filter = (plot, at) => {
  const values = Array.from(plot.data[at] ?? []);
  const isThere = (index: number) => typeof values[index] === "number";
  return [...values.keys()].filter((index) => isThere(index) && !isThere(index - 1) && !isThere(index + 1));
};

function Numbers({ label, times, series }: Pick<Props, "label" | "times" | "series">) {
  return (
    <div className={styles.numbers}>
      <table aria-label={label}>
        <thead>
          <tr>
            <th scope="col">Time</th>
            {series.map((one) => (
              <th key={one.name} scope="col">
                {one.name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {times.map((time, row) => (
            <tr key={time}>
              <th scope="row">{dayAndTime(time)}</th>
              {series.map((one) => (
                <td key={one.name}>{written(one, one.values[row])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function written(series: Series, value: number | null | undefined): string {
  if (value === null || value === undefined) return "–";
  return series.shown?.(value) ?? number(value);
}

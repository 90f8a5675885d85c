// Numbers, durations, sizes and times as text: three significant figures, the unit after a thin space, in the language of the
// browser. Nothing here knows of React.

const THIN = "\u2009";

/** Significant figures that a measurement is shown with. */
const FIGURES = 3;

const formats = new Map<string, Intl.NumberFormat>();

function numberFormat(options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = JSON.stringify(options);
  const known = formats.get(key);
  if (known) return known;
  const made = new Intl.NumberFormat(undefined, options);
  formats.set(key, made);
  return made;
}

/** `12,400`. */
export function number(value: number): string {
  return numberFormat({ maximumFractionDigits: 2 }).format(value);
}

/** Three figures and no more: `1.24`, `12.4`, `124`, `12,400`. */
function measured(value: number): string {
  if (value >= 1000) return numberFormat({ maximumFractionDigits: 0 }).format(value);
  return numberFormat({ maximumSignificantDigits: FIGURES }).format(value);
}

function scaled(value: number, units: readonly [string, number][]): string {
  const size = Math.abs(value);
  let chosen = units[0];
  for (const unit of units) {
    // 999.6 of a unit would be shown as 1,000 of it: the next one says it with fewer digits.
    if (Number((size / unit[1]).toPrecision(FIGURES)) >= 1) chosen = unit;
  }
  const [name, factor] = chosen ?? ["", 1];
  return name ? `${measured(value / factor)}${THIN}${name}` : measured(value);
}

/** Of microseconds: `850 µs`, `1.24 ms`, `3.5 s`, `2 min 5 s`, `3 h 20 min`. */
export function duration(microseconds: number): string {
  const seconds = microseconds / 1e6;
  if (seconds < 59.95)
    return scaled(microseconds, [
      ["µs", 1],
      ["ms", 1e3],
      ["s", 1e6],
    ]);
  const units: [string, number][] = [
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ];
  let rest = Math.round(seconds);
  const parts: string[] = [];
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${number(count)}${THIN}${unit}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(" ");
}

export function seconds(value: number): string {
  return duration(value * 1e6);
}

/** Of bytes, in powers of 1,000 as disks and networks count: `1.3 MB`. */
export function bytes(value: number): string {
  return scaled(value, [
    ["B", 1],
    ["kB", 1e3],
    ["MB", 1e6],
    ["GB", 1e9],
    ["TB", 1e12],
  ]);
}

/** Of memory, in powers of 1,024: `1.25 MiB`. */
export function memory(value: number): string {
  return scaled(value, [
    ["B", 1],
    ["KiB", 1024],
    ["MiB", 1024 ** 2],
    ["GiB", 1024 ** 3],
  ]);
}

/** `120 k`, `1.2 M`. */
export function fuel(value: number): string {
  return scaled(value, [
    ["", 1],
    ["k", 1e3],
    ["M", 1e6],
    ["G", 1e9],
  ]);
}

/** `2.1 %`; below a thousandth, and between 99.9 % and all, it says so instead of rounding to what is not the case. */
export function percent(share: number): string {
  const format = (value: number) =>
    numberFormat({ style: "percent", maximumFractionDigits: Math.abs(value) < 0.1 ? 1 : 0 }).format(value);
  if (share > 0 && share < 0.001) return `< ${format(0.001)}`;
  if (share < 1 && share > 0.995) return `> ${format(0.99)}`;
  return format(share);
}

/** Of percent that somebody has set: `0.5%`, `12.345%`. Nothing is rounded. */
export function percentage(value: number): string {
  return numberFormat({ style: "percent", maximumFractionDigits: 3 }).format(value / 100);
}

/** `2.1 % of 4,810`; a dash where there was nothing. */
export function percentOf(part: number, total: number): string {
  return total > 0 ? `${percent(part / total)} of ${number(total)}` : "–";
}

type Moment = string | number | Date;

const AGO: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_557_600],
  ["month", 2_629_800],
  ["day", 86_400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

/** `3 min. ago`, `in 2 hr.`, `now`. */
export function ago(at: Moment, now: number = Date.now()): string {
  const difference = (new Date(at).getTime() - now) / 1000;
  const format = new Intl.RelativeTimeFormat(undefined, { style: "short", numeric: "auto" });
  if (Math.abs(difference) < 5) return format.format(0, "second");
  const [unit, length] = AGO.find(([, size]) => Math.abs(difference) >= size) ?? ["second" as const, 1];
  return format.format(Math.trunc(difference / length), unit);
}

/** The local time to the second, with its zone. */
export function exact(at: Moment): string {
  return dateFormat({ dateStyle: "medium", timeStyle: "long" }).format(new Date(at));
}

/** The same in UTC, as in logs. */
export function utc(at: Moment): string {
  return new Date(at).toISOString();
}

/** `14:03:22.118`: in a tail, where the day is known. */
export function clock(at: Moment): string {
  const options = {
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    fractionalSecondDigits: 3,
    hourCycle: "h23",
  } as const;
  return dateFormat(options).format(new Date(at));
}

/** The clock for what happened today, the day and the minute for what is older: in lists that go back for days. */
export function stamp(at: Moment, now: number = Date.now()): string {
  return new Date(at).toDateString() === new Date(now).toDateString() ? clock(at) : dayAndTime(at);
}

/** The day and the minute, for columns. */
export function dayAndTime(at: Moment): string {
  return dateFormat({ month: "short", day: "numeric", hour: "2-digit", minute: "2-digit" }).format(new Date(at));
}

/** `14:00`, and the day where a day begins. */
export function momentOnAxis(at: Moment): string {
  const date = new Date(at);
  const isMidnight = date.getHours() === 0 && date.getMinutes() === 0;
  return dateFormat(isMidnight ? { month: "short", day: "numeric" } : { hour: "2-digit", minute: "2-digit" }).format(
    date,
  );
}

const dates = new Map<string, Intl.DateTimeFormat>();

function dateFormat(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = JSON.stringify(options);
  const known = dates.get(key);
  if (known) return known;
  const made = new Intl.DateTimeFormat(undefined, options);
  dates.set(key, made);
  return made;
}

/** One word or the other: `plural(1, "hook")` is `1 hook`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

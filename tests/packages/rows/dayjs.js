import dayjs from "dayjs";
import duration from "dayjs/plugin/duration.js";
import relativeTime from "dayjs/plugin/relativeTime.js";
import utc from "dayjs/plugin/utc.js";

dayjs.extend(utc);
dayjs.extend(duration);
dayjs.extend(relativeTime);
const day = dayjs.utc("2026-01-31T12:30:15Z");

export const cases = {
  format: () => [day.format(), day.format("dddd, MMMM D YYYY h:mm A"), day.toISOString(), day.unix()],
  arithmetic: () => [day.add(1, "month").format(), day.startOf("week").format(), day.diff("2025-01-01", "day"), day.isBefore("2027-01-01")],
  // dayjs reads the clock twice here: 90 minutes, the edge between one hour and two, are either.
  duration: () => [dayjs.duration(100, "minutes").humanize(), dayjs.duration({ hours: 25 }).toISOString()],
  relative: () => day.from(dayjs.utc("2026-03-01")),
  bad: () => [dayjs("nonsense").isValid(), dayjs(null).format()],
};

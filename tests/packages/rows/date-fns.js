import {
  add, addDays, addMonths, addYears, differenceInCalendarDays, format, formatDistance, formatISO, isValid, parse, parseISO, set, setDate, setHours, setMonth, setYear,
  startOfWeek,
} from "date-fns";
import { de } from "date-fns/locale/de";

const day = new Date(Date.UTC(2026, 0, 31, 12, 30, 15));

export const cases = {
  format: () => ["yyyy-MM-dd HH:mm:ss", "EEEE do MMMM", "PPPPpppp", "'week' I", "xxx"].map((pattern) => format(day, pattern)),
  locale: () => format(day, "EEEE, d. MMMM yyyy", { locale: de }),
  arithmetic: () => [addMonths(day, 1), startOfWeek(day), differenceInCalendarDays(day, new Date(0))],
  parse: () => [parse("03/02/2026", "dd/MM/yyyy", day), isValid(parse("x", "yyyy", day)), parseISO("2026-02-30"), formatISO(parseISO("2026-01-01T10:00:00+02:00"))],
  invalid: () => [NaN, Number("x"), undefined, Infinity].flatMap((bad) => [
    setMonth(day, bad), setYear(day, bad), setDate(day, bad), setHours(day, bad), addDays(day, bad), addMonths(day, bad), addYears(day, bad),
    set(day, { month: bad }), add(day, { days: bad }),
  ].map((date) => isValid(date))),
  rubbish: () => ["2026-00-10", "2026-10-00", "11/2026", "Nov 32 2026", "x2026-11-23", "2026-327", "0000-00-00", ""].map((text) => isValid(new Date(text))),
  distance: () => formatDistance(day, new Date(0), { addSuffix: true }),
};

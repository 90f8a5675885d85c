import { addMonths, differenceInCalendarDays, format, formatDistance, formatISO, isValid, parse, parseISO, startOfWeek } from "date-fns";
import { de } from "date-fns/locale/de";

const day = new Date(Date.UTC(2026, 0, 31, 12, 30, 15));

export const cases = {
  format: () => ["yyyy-MM-dd HH:mm:ss", "EEEE do MMMM", "PPPPpppp", "'week' I", "xxx"].map((pattern) => format(day, pattern)),
  locale: () => format(day, "EEEE, d. MMMM yyyy", { locale: de }),
  arithmetic: () => [addMonths(day, 1), startOfWeek(day), differenceInCalendarDays(day, new Date(0))],
  parse: () => [parse("03/02/2026", "dd/MM/yyyy", day), isValid(parse("x", "yyyy", day)), parseISO("2026-02-30"), formatISO(parseISO("2026-01-01T10:00:00+02:00"))],
  distance: () => formatDistance(day, new Date(0), { addSuffix: true }),
};

/** Days of the week as cron expressions name them, from Monday. */
export const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"] as const;

/** Hours of the week in which more instances are up. */
export interface WorkHours {
  /** Names of {@link DAYS}, in their order. */
  readonly days: readonly string[];
  /** First hour, 0 to 23. */
  readonly begin: number;
  /** Hour at which they end, 1 to 24. */
  readonly end: number;
  /** Name of the time zone, such as Europe/Berlin. */
  readonly timeZone: string;
}

const FORM = /^([a-z]{3}(?:[-,][a-z]{3})*) (\d{1,2})-(\d{1,2})(?: ([A-Z][\w+-]*(?:\/[\w+-]+)*))?$/i;

/**
 * Reads working hours: days, hours, and a time zone, such as `Mon-Fri 8-18 Europe/Berlin`.
 *
 * @returns undefined if it is something else
 */
export function workHoursOf(text: string): WorkHours | undefined {
  const [, days = "", begin = "", end = "", timeZone = "UTC"] = FORM.exec(text) ?? [];
  const hours = { days: daysOf(days), begin: Number(begin), end: Number(end), timeZone };
  const valid =
    begin !== "" && hours.days.length > 0 && hours.begin < hours.end && hours.end <= 24 && isTimeZone(timeZone);
  return valid ? hours : undefined;
}

/** The days of ranges and lists; none where a name is unknown or a range runs backwards. */
function daysOf(text: string): string[] {
  const numbers = text
    .toUpperCase()
    .split(",")
    .map((range) => range.split("-").map((name) => DAYS.findIndex((day) => day === name)));
  if (numbers.some((range) => range.length > 2 || range.includes(-1) || (range[1] ?? 7) < (range[0] ?? 0))) return [];
  const within = ([first = 0, last = first]: number[], day: number): boolean => day >= first && day <= last;
  return DAYS.filter((_, day) => numbers.some((range) => within(range, day)));
}

/** Whether a text is the name of a time zone: Node.js also takes offsets, which schedules of AWS do not. */
export function isTimeZone(name: string): boolean {
  if (!/^[A-Z][\w+-]*(?:\/[\w+-]+)*$/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/** A scheduled action that cannot be read. */
export class ScheduleError extends Error {
  override readonly name = "ScheduleError";
}

const DAYS = ["MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN"];
const DAY_MINUTES = 1_440;
const WEEK_MINUTES = 7 * DAY_MINUTES;

/** Minutes of the week, from Monday 0:00 in the time zone of the schedule, at which it runs. */
export type Schedule = ReadonlySet<number>;

/**
 * Reads a cron expression with a weekly rhythm: minutes, hours, ?, *, days of the week, *.
 *
 * @throws ScheduleError for another form
 * @see https://docs.aws.amazon.com/autoscaling/application/userguide/scheduled-scaling-using-cron-expressions.html
 */
export function weeklySchedule(expression: string): Schedule {
  const [minutes, hours, days] = /^cron\((\S+) (\S+) \? \* (\S+)(?: \*)?\)$/.exec(expression)?.slice(1) ?? [];
  if (minutes === undefined || hours === undefined || days === undefined) {
    throw new ScheduleError(`The schedule '${expression}' is not weekly: only cron(m h ? * days *) can be simulated.`);
  }
  const minutesOfWeek = expanded(days, DAYS).flatMap((day) =>
    expanded(hours).flatMap((hour) => expanded(minutes).map((minute) => day * DAY_MINUTES + hour * 60 + minute)),
  );
  return new Set(minutesOfWeek);
}

/** Whether a schedule runs in a minute, counted from Monday 0:00. */
export function runsAt(schedule: Schedule, minute: number): boolean {
  return schedule.has(minute % WEEK_MINUTES);
}

/** Lists and ranges: `MON-FRI`, `8-17`, `1,3`. */
function expanded(field: string, names: readonly string[] = []): number[] {
  const read = (text: string): number => {
    const value = names.includes(text) ? names.indexOf(text) : Number(text);
    if (!/^(?:[A-Z]{3}|\d{1,2})$/.test(text) || Number.isNaN(value)) {
      throw new ScheduleError(`'${text}' in a schedule cannot be simulated.`);
    }
    return value;
  };
  return field.split(",").flatMap((item) => {
    const [from, to] = item.split("-");
    const first = read(from ?? "");
    const last = to === undefined ? first : read(to);
    return Array.from({ length: Math.max(last - first + 1, 0) }, (_, index) => first + index);
  });
}

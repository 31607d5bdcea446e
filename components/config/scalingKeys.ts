import * as z from "zod";
import { workHoursOf } from "../shared/workHours.js";
import { integer, type Key } from "./schemas.js";

/** Longest time of `stepDownMinutes`: CloudWatch evaluates at most a day. */
const DAY_MINUTES = 1_440;

/** The keys of working hours and of the slow step-down. */
export const SCALING_KEYS = {
  workHours: {
    schema: z.string().refine((value) => value === "" || workHoursOf(value) !== undefined),
    allowed: "empty, or days, hours from 0 to 24, and a time zone, such as Mon-Fri 8-18 Europe/Berlin",
    reason: () => "without a time zone it is UTC; hours are whole, and end after they begin",
    suggestion: () => "Mon-Fri 8-18 UTC",
  },
  workHoursCapacity: integer(1, 20, 1),
  stepDownMinutes: {
    schema: integer(0, DAY_MINUTES, 0).schema.refine((minutes) => minutes === 0 || minutes >= 10),
    allowed: `0 (never), or an integer from 10 to ${DAY_MINUTES}`,
    suggestion: () => "120",
  },
} as const satisfies Readonly<Record<string, Key>>;

import * as z from "zod";

/** Key of the item of the ledger that says whether the brake is on. No job has this id, which is no UUID. */
export const BRAKE_KEY = "brake";

/** What the function of the brake can be asked for. */
export const BRAKE_ACTIONS = ["apply", "pull", "release", "show"] as const;
export type BrakeAction = (typeof BRAKE_ACTIONS)[number];

/** The event of a person, or of a deployment: `{"action": "release"}`. */
export const brakeCall = z.object({ action: z.enum(BRAKE_ACTIONS) });

/** Limits that the brake sets and releases: those of the scalable target of one model version. */
export const brakeTarget = z.object({
  /** Name of the version. */
  name: z.string().min(1),
  /** Resource id of its scalable target. */
  resourceId: z.string().min(1),
  /** Capacities of the configuration, in instances. */
  min: z.int().min(0),
  max: z.int().min(0),
});
export type BrakeTarget = Readonly<z.infer<typeof brakeTarget>>;

/** The answer of the function, and, without capacities, the item of the ledger. */
export const brakeState = z.object({
  /** Whether no new job is taken. */
  on: z.boolean(),
  /** ISO 8601; empty if it was never on. */
  changed_at: z.string(),
  /** Who pulled or released it. */
  reason: z.string(),
  /** Limits of the endpoint of `base`. */
  min_capacity: z.number(),
  max_capacity: z.number(),
  /** Limits of the endpoints of all versions; absent on a stack with one. */
  versions: z
    .array(z.object({ name: z.string(), min_capacity: z.number(), max_capacity: z.number() }))
    .readonly()
    .optional(),
});
export type BrakeState = z.infer<typeof brakeState>;

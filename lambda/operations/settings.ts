import * as z from "zod";
import { brakeTarget, type BrakeTarget } from "../../contract/brake.js";
import { BRAKE_ENVIRONMENT } from "../../contract/environment.js";
import { BASE_VERSION } from "../../contract/models.js";
import { EnvironmentError, parsedJson } from "../shared/settings.js";

const capacity = z
  .string()
  .regex(/^\d{1,2}$/)
  .transform(Number);

const settings = z.object({
  jobTableName: z.string().min(1),
  scalableResourceId: z.string().min(1),
  budgetName: z.string().min(1),
  minCapacity: capacity,
  maxCapacity: capacity,
  brakeCapacity: capacity,
  versions: z.string().default("[]").transform(parsedJson).pipe(z.array(brakeTarget)),
} satisfies Record<keyof typeof BRAKE_ENVIRONMENT, z.ZodType>);

/** What the function of the brake knows about its stack. */
export interface BrakeSettings {
  readonly jobTableName: string;
  readonly budgetName: string;
  /** Instances of `base` while the brake is on, and most of each other version. */
  readonly brakeCapacity: number;
  /** The scalable targets of all model versions, `base` first. */
  readonly targets: readonly [BrakeTarget, ...BrakeTarget[]];
}

/**
 * Reads the function's environment.
 *
 * @throws EnvironmentError with the name of every variable that is not set or cannot be used
 */
export function readBrakeSettings(variables: Readonly<Record<string, string | undefined>>): BrakeSettings {
  const values = Object.entries(BRAKE_ENVIRONMENT).map(([key, variable]) => [key, variables[variable]]);
  const read = settings.safeParse(Object.fromEntries(values));
  if (read.success) {
    const { jobTableName, budgetName, brakeCapacity, versions, ...base } = read.data;
    const { scalableResourceId: resourceId, minCapacity: min, maxCapacity: max } = base;
    return {
      jobTableName,
      budgetName,
      brakeCapacity,
      targets: [{ name: BASE_VERSION, resourceId, min, max }, ...versions],
    };
  }
  const names = read.error.issues.map(({ path: [key] }) => BRAKE_ENVIRONMENT[key as keyof typeof BRAKE_ENVIRONMENT]);
  throw new EnvironmentError(`${names.join(", ")} cannot be used: deploy the stack again, which sets every variable.`);
}

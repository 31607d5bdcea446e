import { z } from "zod";
import { ProgramError } from "../../local/program/runProgram.js";
import { findingsOf, reasonOf, type Finding } from "./finding.js";
import { planStack, type PlannedStack } from "./plannedStack.js";

/** Faults as the program's own check of its configuration throws them. */
const withFaults = z.object({
  faults: z.array(z.object({ key: z.string(), value: z.string(), problem: z.string(), fix: z.string() })),
});

/**
 * Plans a stack, or says what keeps it from being planned.
 *
 * @param config namespaced configuration, see `stackConfig`
 */
export async function planOrFaults(
  stack: string,
  config: Record<string, string>,
  region: string,
): Promise<{ readonly planned: PlannedStack } | { readonly faults: readonly Finding[] }> {
  try {
    return { planned: await planStack(stack, config, region) };
  } catch (error) {
    if (!(error instanceof ProgramError)) throw error;
    return { faults: configurationFindings(error) };
  }
}

/** A finding for each fault of the configuration, and for whatever else kept the program from being planned. */
function configurationFindings({ errors }: ProgramError): readonly Finding[] {
  const { bad } = findingsOf("configuration");
  return (errors as readonly unknown[]).flatMap((error) => {
    const known = withFaults.safeParse(error);
    if (!known.success) return [bad("fault", reasonOf(error), "npm run plan shows more.")];
    return known.data.faults.map(({ key, value, problem, fix }) =>
      bad("fault", `${key} is '${value}': ${problem}`, fix),
    );
  });
}

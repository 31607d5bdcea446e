import { output, runtime } from "@pulumi/pulumi";
import type { Place } from "../../components/shared/place.js";
import { plannedHandlers } from "../../local/program/plannedOutputs.js";
import { watchRegistrations, type PlannedResource } from "../../local/program/registrations.js";
import { ACCOUNT, REGION } from "./plannedStack.js";

/** Where components are built in tests, without asking a provider. */
export const PLACE: Place = {
  account: output(ACCOUNT),
  region: output(REGION),
  partition: output("aws"),
  dnsSuffix: output("amazonaws.com"),
  reverseDnsPrefix: output("com.amazonaws"),
};

/**
 * Builds one component by itself, for what no key of the configuration switches on.
 *
 * @param build makes the component
 * @returns what it registers
 * @throws what building it, or making one of its resources, throws
 */
export async function built(build: () => unknown): Promise<readonly PlannedResource[]> {
  const handlers = plannedHandlers({ region: REGION });
  const errors: unknown[] = [];
  await runtime.setMocks(
    {
      newResource: async ({ type, name, inputs }) => {
        try {
          return await handlers.create({ type, name, inputs: inputs as Record<string, unknown> });
        } catch (error) {
          errors.push(error);
          throw error;
        }
      },
      call: ({ token }) => {
        errors.push(new Error(`The component calls ${token}.`));
        return {};
      },
    },
    "amplify-vep",
    "test",
  );
  const resources = watchRegistrations();
  build();
  await runtime.disconnect();
  if (errors.length > 0) throw new AggregateError(errors);
  return resources;
}

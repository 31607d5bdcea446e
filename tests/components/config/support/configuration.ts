import { runtime } from "@pulumi/pulumi";
import { readConfig } from "../../../../components/config/config.js";
import { ConfigError, type ConfigFault } from "../../../../components/config/faults.js";
import { encryptedKeys, stackConfig } from "../../../../local/program/stackConfig.js";

const NOTHING: runtime.Mocks = {
  newResource: () => ({ id: undefined, state: {} }),
  call: () => ({}),
};

/**
 * Sets the configuration that `readConfig` reads, over the project's defaults.
 *
 * @param encrypted keys with their namespace that are encrypted, beside those whose value is `ENCRYPTED`
 */
export async function given(
  values: Record<string, string>,
  { stack = "test", encrypted = [] }: { readonly stack?: string; readonly encrypted?: readonly string[] } = {},
): Promise<void> {
  await runtime.setMocks(NOTHING, "amplify-vep", stack);
  const config = stackConfig({ stack, overrides: values });
  runtime.setAllConfig(config, [...encryptedKeys(config), ...encrypted]);
}

/** The faults that reading the configuration throws; none if it throws nothing. */
export function faults(): readonly ConfigFault[] {
  try {
    readConfig();
  } catch (error) {
    if (error instanceof ConfigError) return error.faults;
    throw error;
  }
  return [];
}

/** The error that reading the configuration throws. */
export function configError(): ConfigError {
  try {
    readConfig();
  } catch (error) {
    if (error instanceof ConfigError) return error;
  }
  throw new Error("No ConfigError was thrown.");
}

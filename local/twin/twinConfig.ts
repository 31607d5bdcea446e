import { stackConfig } from "../program/stackConfig.js";
import { ACCOUNT } from "./account.js";

/**
 * The configuration of a stack in the twin: in the region of the twin, and with existing roles moved to its account. The
 * twin enforces no permissions, so the roles need not exist.
 *
 * @param overrides values that win over the stack's files
 * @throws StackConfigError if a file is not valid
 */
export function twinConfig(stack: string, overrides: Readonly<Record<string, string>>): Record<string, string> {
  const config = stackConfig({ stack, overrides: { ...overrides, "aws:region": ACCOUNT.region } });
  return Object.fromEntries(Object.entries(config).map(([key, value]) => [key, inTwinAccount(value)]));
}

function inTwinAccount(value: string): string {
  return value.replace(/^(arn:[^:]+:iam::)\d{12}(:role\/)/, `$1${ACCOUNT.id}$2`);
}

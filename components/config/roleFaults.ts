import { accountOf } from "../shared/existingRole.js";
import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type RoleSettings = Partial<
  Pick<
    StackSettings,
    "executionRoleArn" | "functionRoleArn" | "iamPath" | "iamPermissionsBoundary" | "scan" | "alignmentSubnetIds"
  >
>;

/** Faults between the keys of roles. Whether an existing role is in the account of the stack is known only later. */
export function roleFaults(settings: RoleSettings): ConfigFault[] {
  const { executionRoleArn = "", functionRoleArn = "", iamPath = "/", iamPermissionsBoundary = "" } = settings;
  if (executionRoleArn === "" || functionRoleArn === "") return [];
  const rules = [
    { key: "iamPath", value: iamPath, none: "/" },
    { key: "iamPermissionsBoundary", value: iamPermissionsBoundary, none: "" },
  ];
  // Without a function: Step Functions, its schedule and jobs of AWS Batch have roles of their own.
  const others = settings.scan === true || (settings.alignmentSubnetIds ?? []).length > 0;
  const unused = (others ? [] : rules)
    .filter(({ value, none }) => value !== none)
    .map(({ key, value }) => ({
      key,
      value,
      problem: "allowed only for roles that the stack makes: with executionRoleArn and functionRoleArn it makes none",
      fix: removeCommand(key),
    }));
  const [account, other] = [accountOf(executionRoleArn), accountOf(functionRoleArn)];
  if (account === other) return unused;
  const problem = `allowed is a role of account ${account}, to which executionRoleArn belongs`;
  const fix = setCommand("functionRoleArn", functionRoleArn.replace(other, account));
  return [...unused, { key: "functionRoleArn", value: functionRoleArn, problem, fix }];
}

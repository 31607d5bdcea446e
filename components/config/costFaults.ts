import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type CostSettings = Partial<
  Pick<StackSettings, "monthlyBudgetUsd" | "brakeCapacity" | "enableAutoscaling" | "maxCapacity">
>;

/** Faults between the keys of the cost guard. */
export function costFaults(settings: CostSettings): ConfigFault[] {
  const { monthlyBudgetUsd, brakeCapacity, enableAutoscaling, maxCapacity } = settings;
  const faults: ConfigFault[] = [];
  if (monthlyBudgetUsd !== undefined && monthlyBudgetUsd > 0 && enableAutoscaling === false) {
    faults.push({
      key: "monthlyBudgetUsd",
      value: String(monthlyBudgetUsd),
      problem: "allowed only with enableAutoscaling true: the brake changes the limits of the auto scaling",
      fix: setCommand("enableAutoscaling", "true"),
    });
  }
  if (brakeCapacity === undefined || brakeCapacity === 0) return faults;
  const value = String(brakeCapacity);
  if (monthlyBudgetUsd === 0) {
    const problem = "allowed only with monthlyBudgetUsd, whose brake sets this number of instances";
    faults.push({ key: "brakeCapacity", value, problem, fix: removeCommand("brakeCapacity") });
  } else if (maxCapacity !== undefined && brakeCapacity > maxCapacity) {
    const problem = `allowed is an integer from 0 to maxCapacity, which is ${maxCapacity}`;
    faults.push({ key: "brakeCapacity", value, problem, fix: setCommand("brakeCapacity", String(maxCapacity)) });
  }
  return faults;
}

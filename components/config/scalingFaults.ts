import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { PartialSettings } from "./settings.js";

/** The value of `workHoursCapacity` without working hours, which is the default of Pulumi.yaml. */
const DEFAULT_CAPACITY = 1;

/** Faults between the keys of scaling: values that would do nothing, or contradict each other. */
export function scalingFaults(settings: PartialSettings): ConfigFault[] {
  const { workHours, workHoursCapacity = DEFAULT_CAPACITY, minCapacity, maxCapacity, stepDownMinutes } = settings;
  const faults: ConfigFault[] = [];
  if (settings.enableAutoscaling === false) {
    const unused = {
      workHours: workHours ?? "",
      stepDownMinutes: (stepDownMinutes ?? 0) === 0 ? "" : String(stepDownMinutes),
    };
    for (const [key, value] of Object.entries(unused)) {
      if (value === "") continue;
      faults.push({ key, value, problem: "allowed only with enableAutoscaling true", fix: removeCommand(key) });
    }
  }
  if (workHours === "" && workHoursCapacity !== DEFAULT_CAPACITY) {
    const problem = "allowed only with workHours, in which it holds";
    const key = "workHoursCapacity";
    faults.push({ key, value: String(workHoursCapacity), problem, fix: removeCommand(key) });
  }
  if (workHours !== undefined && workHours !== "" && minCapacity !== undefined && maxCapacity !== undefined) {
    if (workHoursCapacity <= minCapacity || workHoursCapacity > maxCapacity) {
      faults.push(wrongCapacity(workHoursCapacity, minCapacity, maxCapacity));
    }
  }
  if (stepDownMinutes !== undefined && stepDownMinutes > 0 && maxCapacity === 1) {
    const problem = "allowed only with maxCapacity 2 or more: the last instance is never stopped by it";
    faults.push({
      key: "stepDownMinutes",
      value: String(stepDownMinutes),
      problem,
      fix: removeCommand("stepDownMinutes"),
    });
  }
  return faults;
}

function wrongCapacity(capacity: number, minCapacity: number, maxCapacity: number): ConfigFault {
  const key = "workHoursCapacity";
  const value = String(capacity);
  if (minCapacity >= maxCapacity) {
    const problem = `allowed with workHours is a maxCapacity above minCapacity, which is ${minCapacity}`;
    return { key, value, problem, fix: setCommand("maxCapacity", String(minCapacity + 1)) };
  }
  const problem = `allowed is an integer from ${minCapacity + 1} to ${maxCapacity}: above minCapacity, and at most maxCapacity`;
  return { key, value, problem, fix: setCommand(key, String(minCapacity + 1)) };
}

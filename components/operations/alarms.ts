import { endpointAlarms, type EndpointAlarmArgs } from "./endpointAlarms.js";
import { functionAlarms, type FunctionAlarmArgs } from "./functionAlarms.js";
import { ledgerAlarms, type LedgerAlarmArgs } from "./ledgerAlarms.js";
import type { Alarm } from "./alarm.js";

export type { Alarm } from "./alarm.js";

/** A model version beside `base`, and what the alarms of its endpoint depend on. */
export interface WatchedVersion extends Pick<
  EndpointAlarmArgs,
  "instanceType" | "minCapacity" | "maxCapacity" | "workHours" | "workHoursCapacity"
> {
  readonly name: string;
  readonly endpointName: string;
}

export type ServiceAlarmArgs = EndpointAlarmArgs &
  FunctionAlarmArgs &
  LedgerAlarmArgs & { readonly versions: readonly WatchedVersion[] };

/** The alarms of every stack: those of the endpoint of each model version, the functions and the ledger. */
export function serviceAlarms(args: ServiceAlarmArgs): Alarm[] {
  const ofVersions = args.versions.flatMap((version) => versionAlarms({ ...args, ...version }));
  return [...endpointAlarms(args), ...ofVersions, ...functionAlarms(args), ...ledgerAlarms(args)];
}

/** The alarms of the endpoint of one version, with its name. */
function versionAlarms(args: EndpointAlarmArgs & { readonly name: string }): Alarm[] {
  return endpointAlarms(args).map((alarm) => ({
    ...alarm,
    id: `model-${args.name}-${alarm.id}`,
    runbook: alarm.id,
    alarmDescription: `Model version ${args.name}: ${alarm.alarmDescription}`,
  }));
}

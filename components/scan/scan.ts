import type { Output } from "@pulumi/pulumi";
import { scanNames } from "../shared/scanNames.js";
import type { ServiceRole } from "../shared/serviceRole.js";
import { ProteomeScan, type ProteomeScanArgs } from "./proteomeScan.js";

export interface ScanParts extends Pick<ServiceRole, "networkPolicies"> {
  /** ARN of the state machine; undefined without `scan`. */
  readonly machineArn?: Output<string>;
}

/** Creates the state machine of scans, and what it needs. */
export function scanOf(args: ProteomeScanArgs): ScanParts {
  if (!args.scan) return { networkPolicies: [] };
  return new ProteomeScan(scanNames(args.prefix).function, args);
}

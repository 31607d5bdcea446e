import type { S3Client } from "@aws-sdk/client-s3";
import type { SFNClient } from "@aws-sdk/client-sfn";
import type { ObjectStore } from "../../shared/objectStore.js";
import type { Telemetry } from "../../shared/telemetry.js";
import type { AuditLog } from "./audit.js";
import type { WorkflowStore } from "./workflowStore.js";

/** The services of the function that callers of workflows talk to. */
export interface WorkflowServices {
  readonly settings: { readonly bucketName: string; readonly machineArn: string };
  readonly workflows: WorkflowStore;
  readonly audit: AuditLog;
  readonly objects: ObjectStore;
  readonly s3: S3Client;
  readonly machines: SFNClient;
  readonly telemetry: Telemetry;
  readonly now: () => Date;
}

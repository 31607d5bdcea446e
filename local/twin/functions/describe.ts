import { arnOf } from "../account.js";
import type { FunctionSettings } from "./environment.js";
import type { SourceSettings } from "./eventSource.js";

/** The configuration of a function as ListFunctions returns it. */
export function configurationOf(settings: FunctionSettings): object {
  return {
    FunctionName: settings.name,
    FunctionArn: settings.arn,
    Runtime: settings.runtime,
    Role: settings.role,
    Handler: settings.handler,
    Timeout: settings.timeoutSeconds,
    MemorySize: settings.memoryMb,
    Version: "$LATEST",
    Environment: { Variables: settings.environment },
    PackageType: "Zip",
    Architectures: [settings.architecture],
    State: "Active",
    LastUpdateStatus: "Successful",
    LoggingConfig: { LogFormat: "Text", LogGroup: settings.logGroup },
  };
}

/** The answer of GetFunction. */
export function describeFunction(settings: FunctionSettings): object {
  const { reservedConcurrency } = settings;
  return {
    Configuration: configurationOf(settings),
    ...(reservedConcurrency === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: reservedConcurrency } }),
  };
}

/** A connection of a queue or stream with a function, as ListEventSourceMappings returns it. */
export function describeSource({ id, sourceArn, functionName, batchSize, reportsFailures }: SourceSettings): object {
  return {
    UUID: id,
    EventSourceArn: sourceArn,
    FunctionArn: arnOf("lambda", `function:${functionName}`),
    BatchSize: batchSize,
    FunctionResponseTypes: reportsFailures ? ["ReportBatchItemFailures"] : [],
    State: "Enabled",
  };
}

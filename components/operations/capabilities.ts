import type { Input } from "@pulumi/pulumi";
import type { Place } from "../shared/place.js";
import type { Alarm } from "./alarm.js";
import { apiAlarms, apiGraphs } from "./apiOperations.js";
import type { Graph } from "./graph.js";
import { evidenceAlarms, evidenceGraphs } from "./evidenceOperations.js";
import { fastaAlarms, fastaGraphs } from "./fastaOperations.js";
import { gatewayAlarms, gatewayGraphs } from "./gatewayOperations.js";
import { guardAlarms, guardGraphs } from "./guardOperations.js";
import { resultsAlarms, resultsGraphs } from "./resultsOperations.js";
import { scanAlarms, scanGraphs } from "./scanOperations.js";
import { streamAlarms, streamGraphs } from "./streamOperations.js";

/** Which optional capabilities the stack has. */
export interface CapabilityArgs {
  /** First part of the names of the stack. */
  readonly prefix: string;
  readonly place: Place;
  /** Whether there is a result store. */
  readonly resultsCatalog: boolean;
  /** Whether there is a stream of submissions. */
  readonly stream: boolean;
  /** Whether FASTA uploads become jobs. */
  readonly fastaDrop: boolean;
  /** Whether whole FASTA files can be scanned. */
  readonly scan: boolean;
  /** Whether evidence is gathered beside the scores. */
  readonly evidence: boolean;
  /** Whether there is an HTTP API. */
  readonly api: boolean;
  /** Budget of a month in USD; 0 for none. */
  readonly monthlyBudgetUsd: number;
  /** ARN of the gateway for agents; undefined without `agentGateway`. */
  readonly gatewayArn?: Input<string> | undefined;
}

/** The alarms of the optional capabilities. */
export function capabilityAlarms(args: CapabilityArgs): Alarm[] {
  const { prefix, place, gatewayArn } = args;
  return [
    ...(args.resultsCatalog ? resultsAlarms(prefix) : []),
    ...(args.stream ? streamAlarms(prefix) : []),
    ...(args.fastaDrop ? fastaAlarms(prefix) : []),
    ...(args.scan ? scanAlarms(prefix, place) : []),
    ...(args.evidence ? evidenceAlarms(prefix, place) : []),
    ...(args.api ? apiAlarms(prefix) : []),
    ...(gatewayArn === undefined ? [] : gatewayAlarms(gatewayArn)),
    ...(args.monthlyBudgetUsd > 0 ? guardAlarms(prefix) : []),
  ];
}

/** The graphs of the optional capabilities. */
export function capabilityGraphs(args: CapabilityArgs): Graph[] {
  const { prefix, place, gatewayArn } = args;
  return [
    ...(args.resultsCatalog ? resultsGraphs(prefix) : []),
    ...(args.stream ? streamGraphs(prefix) : []),
    ...(args.fastaDrop ? fastaGraphs(prefix) : []),
    ...(args.scan ? scanGraphs(prefix, place) : []),
    ...(args.evidence ? evidenceGraphs(prefix, place) : []),
    ...(args.api ? apiGraphs(prefix) : []),
    ...(gatewayArn === undefined ? [] : gatewayGraphs(gatewayArn)),
    ...(args.monthlyBudgetUsd > 0 ? guardGraphs(prefix) : []),
  ];
}

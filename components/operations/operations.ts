import { Observability, type ObservabilityArgs } from "./observability.js";

/** Creates the alarms of a stack, the topic that they publish to, and the dashboard. */
export function operationsOf(args: ObservabilityArgs): Observability {
  return new Observability(args.prefix, args);
}

import { ASSUMPTIONS } from "../simulate/assumptions.js";
import { comparedModels, comparePolicies, endpointModel } from "../simulate/comparePolicies.js";
import { plannedResources } from "../simulate/plannedScaling.js";
import { builtInTraces } from "../simulate/traces.js";
import { table } from "./markdown.js";

/** The table of docs/scaling.md: what `npm run simulate` prints. */
export async function scalingTable(): Promise<string> {
  const { resources } = await plannedResources({ stack: "default", overrides: { minCapacity: "0" } });
  const [models, endpoint] = [comparedModels(resources), endpointModel(resources)];
  const rows = builtInTraces(ASSUMPTIONS.seed).flatMap((trace) =>
    comparePolicies(models, endpoint, trace, ASSUMPTIONS).figures.policies.map((policy, index) => [
      index === 0 ? `\`${trace.name}\`: ${trace.description}` : "",
      policy.name,
      ...[policy.p50_s, policy.p95_s, policy.p99_s].map((seconds) => (seconds / 60).toFixed(1)),
      policy.gpu_hours.toFixed(1),
      policy.usd === null ? "unknown" : policy.usd.toFixed(2),
      String(policy.killed),
    ]),
  );
  return table(["trace", "policy", "p50, min", "p95, min", "p99, min", "GPU hours", "USD", "killed"], rows);
}

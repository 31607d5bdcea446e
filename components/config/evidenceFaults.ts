import { removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type EvidenceSettings = Partial<
  Pick<StackSettings, "evidence" | "genomeSources" | "alignmentSubnetIds" | "network" | "vpcId">
>;

/** Faults between the keys of evidence: keys that need another key, and addresses that the network does not reach. */
export function evidenceFaults(settings: EvidenceSettings): ConfigFault[] {
  const { genomeSources = [], alignmentSubnetIds = [] } = settings;
  if (settings.evidence !== false) return sourceFaults(settings);
  const needing = { genomeSources, alignmentSubnetIds };
  return Object.entries(needing)
    .filter(([, values]) => values.length > 0)
    .map(([key, values]) => ({
      key,
      value: values.join(","),
      problem: "allowed only with evidence true",
      fix: setCommand("evidence", "true"),
    }));
}

function sourceFaults({ genomeSources = [], network = "none", vpcId = "" }: EvidenceSettings): ConfigFault[] {
  const value = genomeSources.join(",");
  const inS3 = genomeSources.filter((url) => url.startsWith("s3:"));
  // Whether an existing VPC has a way to the internet, only its owner knows.
  if (network === "none" || vpcId !== "" || inS3.length === genomeSources.length) return [];
  const problem =
    "the isolated network has no way to the internet: allowed are folders of S3; copy the genomes to genomes/ in the bucket of the stack";
  const fix = inS3.length === 0 ? removeCommand("genomeSources") : setCommand("genomeSources", inS3.join(","));
  return [{ key: "genomeSources", value, problem, fix }];
}

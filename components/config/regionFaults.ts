import { runtime } from "@pulumi/pulumi";
import { setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";
import { ecrImage } from "../shared/imageReference.js";

/**
 * Faults of values that belong to another region than the stack's. Nothing is checked if `aws:region` is not configured:
 * the environment sets the region then, and AWS reports what does not fit.
 */
export function regionFaults({
  imageUri = "",
  availabilityZones = [],
}: Partial<Pick<StackSettings, "imageUri" | "availabilityZones">>): ConfigFault[] {
  const region = runtime.allConfig()["aws:region"];
  if (region === undefined) return [];
  const faults: ConfigFault[] = [];
  const image = ecrImage(imageUri);
  if (image && image.region !== region) {
    faults.push({
      key: "imageUri",
      value: imageUri,
      problem: `allowed is an image in ${region}, the stack's region: SageMaker pulls from no other`,
      fix: setCommand("imageUri", imageUri.replace(`.ecr.${image.region}.`, `.ecr.${region}.`)),
    });
  }
  const elsewhere = availabilityZones.filter((zone) => !zone.startsWith(region));
  if (elsewhere.length > 0) {
    faults.push({
      key: "availabilityZones",
      value: availabilityZones.join(","),
      problem: `allowed are zones of ${region}, the stack's region, such as ${region}a`,
      fix: setCommand("availabilityZones", `${region}a,${region}b`),
    });
  }
  return faults;
}

import { ecrImage } from "../shared/imageReference.js";
import { HIDDEN, removeCommand, setCommand, type ConfigFault } from "./faults.js";
import type { StackSettings } from "./keys.js";

type RegistrySettings = Partial<
  Pick<StackSettings, "imageUri" | "imageBuild" | "registryUsername" | "registryPassword">
>;

/** Faults between `imageUri`, the credentials of its registry and what mirrors it. */
export function registryFaults({
  imageUri,
  imageBuild,
  registryUsername,
  registryPassword,
}: RegistrySettings): ConfigFault[] {
  const given = [
    { key: "registryUsername", value: registryUsername ?? "" },
    { key: "registryPassword", value: registryPassword ? HIDDEN : "" },
  ].filter(({ value }) => value !== "");
  if (given.length > 0 && imageUri !== undefined && (imageUri === "" || ecrImage(imageUri))) {
    const problem = "allowed only with an imageUri in another registry than ECR, which uses the credentials of AWS";
    return given.map((fault) => ({ ...fault, problem, fix: removeCommand(fault.key) }));
  }
  if (given.length > 0 && imageBuild === "codebuild") {
    const problem = "CodeBuild mirrors public images only: allowed with registryUsername and registryPassword is local";
    return [{ key: "imageBuild", value: imageBuild, problem, fix: setCommand("imageBuild", "local") }];
  }
  const problem = "registryUsername and registryPassword are allowed only together";
  if (registryUsername === "" && given.length > 0) {
    return [{ key: "registryUsername", value: "", problem, fix: setCommand("registryUsername", "NAME") }];
  }
  if (registryPassword === "" && given.length > 0) {
    const fix = setCommand("registryPassword", "TOKEN", { secret: true });
    return [{ key: "registryPassword", value: "", problem, fix }];
  }
  return [];
}

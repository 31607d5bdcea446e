import { resourceRule, unless } from "../rule.js";

/** A pushed image cannot change, and is scanned for vulnerabilities. */
export const imagesAreFixed = resourceRule(
  {
    name: "images-are-fixed",
    description: "The tags of a repository are immutable, and its images are scanned when they are pushed",
    severity: "medium",
    fix: "Set imageTagMutability to IMMUTABLE and imageScanningConfiguration.scanOnPush.",
  },
  {
    "aws:ecr/repository:Repository": ({ imageTagMutability, imageScanningConfiguration }) => [
      ...unless(imageTagMutability === "IMMUTABLE", `Tags are ${imageTagMutability ?? "MUTABLE"}: a tag can be moved.`),
      ...unless(imageScanningConfiguration?.scanOnPush === true, "Images are not scanned when they are pushed."),
    ],
  },
);

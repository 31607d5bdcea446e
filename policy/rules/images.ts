import { resourceRule, unless } from "../rule.js";

/** An image that was pushed stays what it is, and its flaws are looked for. */
export const imagesAreFixed = resourceRule(
  {
    name: "images-are-fixed",
    description: "A repository's tags are immutable, and its images are scanned when they are pushed",
    severity: "medium",
    mend: "Set imageTagMutability to IMMUTABLE and imageScanningConfiguration.scanOnPush.",
  },
  {
    "aws:ecr/repository:Repository": ({ imageTagMutability, imageScanningConfiguration }) => [
      ...unless(imageTagMutability === "IMMUTABLE", `Tags are ${imageTagMutability ?? "MUTABLE"}: a tag can be moved.`),
      ...unless(imageScanningConfiguration?.scanOnPush === true, "Images are not scanned when they are pushed."),
    ],
  },
);

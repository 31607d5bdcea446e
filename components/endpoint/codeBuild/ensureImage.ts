import { setTimeout as wait } from "node:timers/promises";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { CodeBuildClient } from "@aws-sdk/client-codebuild";
import { DescribeImagesCommand, ECRClient, ImageNotFoundException } from "@aws-sdk/client-ecr";
import { Config } from "@pulumi/pulumi";
import { ecrImage, type EcrImage } from "../../shared/imageReference.js";
import { explained } from "./buildErrors.js";
import { runBuild } from "./runBuild.js";

/** Attempts of a call: enough for throttling, and for a minute without a network. */
const MAX_ATTEMPTS = 8;

/**
 * Builds an image unless the registry has it, and waits for the end of the build. The calls use the credentials of this
 * machine, as Pulumi's provider does: of the profile `aws:profile`, else of the environment.
 *
 * @param image `repository:tag` in ECR
 * @param projectName the CodeBuild project that pushes it
 * @param report shows one line of progress
 * @throws RunError if the build cannot be started or does not succeed, with the last lines of its log and what to do
 */
export async function ensureImage(image: string, projectName: string, report: (text: string) => void): Promise<void> {
  const parts = ecrImage(image);
  if (parts === undefined) throw new RangeError(`'${image}' is not an image in ECR.`);
  const profile = new Config("aws").get("profile");
  const settings = {
    region: parts.region,
    maxAttempts: MAX_ATTEMPTS,
    ...(profile === undefined ? {} : { profile }),
  };
  const target = { projectName, region: parts.region, image };
  if (await explained(target, () => exists(new ECRClient(settings), parts))) return;
  const clients = { codeBuild: new CodeBuildClient(settings), logs: new CloudWatchLogsClient(settings) };
  await runBuild(clients, target, { report, wait });
}

async function exists(ecr: ECRClient, { registryId, repositoryName, tag }: EcrImage): Promise<boolean> {
  try {
    await ecr.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds: [{ imageTag: tag }] }));
    return true;
  } catch (error) {
    if (error instanceof ImageNotFoundException) return false;
    throw error;
  }
}

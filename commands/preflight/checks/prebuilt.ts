import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

/** An image in ECR: registry, region, repository, and a tag or a digest. */
const IMAGE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([^:@]+)(?::([^@]+)|@(sha256:[0-9a-f]{64}))$/;

/**
 * Looks at a prebuilt image: whether it is there, and in the stack's region, as SageMaker pulls from no other.
 *
 * @param imageUri the stack's `imageUri`, which the plan has found to be one
 */
export async function prebuilt(
  ecr: ECRClient,
  { imageUri, region }: { readonly imageUri: string; readonly region: string },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("prebuilt image");
  const [, registryId, home, repositoryName, imageTag, imageDigest] = IMAGE.exec(imageUri) ?? [];
  if (home !== region) {
    const sentence = `${imageUri} is not in ${region}: SageMaker pulls from the endpoint's own region only.`;
    return [bad("fault", sentence, `Push the image to a repository in ${region}, and set imageUri to it.`)];
  }
  try {
    const imageIds = [imageTag === undefined ? { imageDigest } : { imageTag }];
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds }));
    return [ok(`${imageUri} is ${imageDetails[0]?.imageDigest ?? "there"}.`)];
  } catch (error) {
    if (!(error instanceof Error) || !["ImageNotFoundException", "RepositoryNotFoundException"].includes(error.name)) {
      throw error;
    }
    const mend = `aws ecr describe-images --repository-name ${repositoryName ?? ""} --region ${region}; then set imageUri.`;
    return [bad("fault", `${imageUri} does not exist. ${reasonOf(error)}`, mend)];
  }
}

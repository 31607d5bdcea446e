import { DescribeImagesCommand, type ECRClient } from "@aws-sdk/client-ecr";
import type { EcrImage } from "../../../components/shared/imageReference.js";
import { findingsOf, reasonOf, type Finding } from "../finding.js";

/**
 * Checks that a prebuilt image in ECR exists, and is in the region of the stack: SageMaker pulls from no other.
 *
 * @param imageUri the stack's `imageUri`
 * @param image the same, split into its parts
 */
export async function prebuilt(
  ecr: ECRClient,
  { imageUri, image, region }: { readonly imageUri: string; readonly image: EcrImage; readonly region: string },
): Promise<readonly Finding[]> {
  const { ok, bad } = findingsOf("prebuilt image");
  const { registryId, repositoryName, tag: imageTag, digest: imageDigest } = image;
  if (image.region !== region) {
    const sentence = `${imageUri} is not in ${region}: SageMaker pulls from the endpoint's own region only.`;
    return [
      bad("fault", sentence, `Push the image to a repository in ${region}, then pulumi config set imageUri IMAGE`),
    ];
  }
  try {
    const imageIds = [imageTag === undefined ? { imageDigest } : { imageTag }];
    const { imageDetails = [] } = await ecr.send(new DescribeImagesCommand({ registryId, repositoryName, imageIds }));
    return [ok(`${imageUri} is ${imageDetails[0]?.imageDigest ?? "there"}.`)];
  } catch (error) {
    if (!(error instanceof Error) || !["ImageNotFoundException", "RepositoryNotFoundException"].includes(error.name)) {
      throw error;
    }
    const fix = `aws ecr describe-images --repository-name ${repositoryName} --region ${region}; then set imageUri.`;
    return [bad("fault", `${imageUri} does not exist. ${reasonOf(error)}`, fix)];
  }
}

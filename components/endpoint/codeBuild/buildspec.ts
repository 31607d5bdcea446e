/** Environment variables of the build: the location of the context in S3, and the image that is pushed. */
export const CONTEXT_VARIABLE = "CONTEXT";
export const IMAGE_VARIABLE = "IMAGE";

/**
 * The commands of the build, as CodeBuild reads them: YAML, of which JSON is a part. Every value is an environment
 * variable, so that no value is ever read as a command.
 *
 * @param buildArgs names of the build arguments; their values are environment variables of the same names
 * @see https://docs.aws.amazon.com/codebuild/latest/userguide/build-spec-ref.html
 */
export function buildspec(buildArgs: readonly string[]): string {
  const spec = {
    version: 0.2,
    phases: {
      pre_build: {
        commands: [
          `aws s3 cp --only-show-errors "s3://$${CONTEXT_VARIABLE}" context.zip`,
          "unzip -q context.zip -d context",
          // The archive holds no permissions, and Docker copies them into the image.
          "chmod -R u=rwX,go=rX context",
          `aws ecr get-login-password | docker login --username AWS --password-stdin "\${${IMAGE_VARIABLE}%%/*}"`,
        ],
      },
      build: { commands: [buildCommand(buildArgs)] },
    },
  };
  return JSON.stringify(spec, undefined, 2);
}

/** SageMaker pulls Docker's manifests, and rejects OCI's and the index that an attestation of provenance needs. */
function buildCommand(buildArgs: readonly string[]): string {
  return [
    "docker buildx build --platform linux/amd64 --progress plain --provenance=false --sbom=false",
    ...buildArgs.map((name) => `--build-arg ${name}`),
    `--output "type=image,name=$${IMAGE_VARIABLE},oci-mediatypes=false,push=true"`,
    "context",
  ].join(" ");
}

/** `name:tag`, `name@sha256:...` or both; the name is in lower case and may begin with the host of a registry. */
const IMAGE_REFERENCE =
  /^(?:(?:[a-z0-9.-]+(?::\d+)?)\/)?[a-z0-9]+(?:(?:\.|_{1,2}|-+|\/)[a-z0-9]+)*(?::\w[\w.-]{0,127}@sha256:[0-9a-f]{64}|:\w[\w.-]{0,127}|@sha256:[0-9a-f]{64})$/;

/** The same in ECR, the registry that SageMaker pulls from: registry, region, repository, and a tag or a digest. */
const ECR_IMAGE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/;

/** Hosts of private registries in ECR, such as `123456789012.dkr.ecr.us-east-1.amazonaws.com`. */
const ECR_HOST = /\.dkr\.ecr[.-].*\.amazonaws\.com(?:\.cn)?$/;

/** The parts of a reference to an image in ECR. */
export interface EcrImage {
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
  /** The reference without its tag or digest. */
  readonly repositoryUrl: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

/**
 * Whether a text refers to one image: with a tag or a digest, in ECR or in another registry. A reference without both
 * is refused, as `latest` changes with every release.
 */
export function isImageReference(text: string): boolean {
  return IMAGE_REFERENCE.test(text) && (!ECR_HOST.test(registryHost(text)) || ecrImage(text) !== undefined);
}

/** Splits a reference to an image in ECR into its parts; undefined for every other text. */
export function ecrImage(reference: string): EcrImage | undefined {
  const [, registryId, region, repositoryName, tag, digest] = ECR_IMAGE.exec(reference) ?? [];
  if (registryId === undefined || region === undefined || repositoryName === undefined) return undefined;
  const repositoryUrl = `${registryHost(reference)}/${repositoryName}`;
  return {
    registryId,
    region,
    repositoryName,
    repositoryUrl,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

/**
 * The host of the registry that a reference names, as Docker reads it: the part before the first `/` if it has a dot or
 * a port, or is `localhost`; `docker.io` for everything else.
 */
export function registryHost(reference: string): string {
  const [first = "", ...rest] = reference.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "docker.io";
}

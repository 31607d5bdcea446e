/** A repository in ECR, the only kind of registry that SageMaker pulls from, with a tag or a digest. */
const ECR_IMAGE =
  /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?\/([a-z0-9]+(?:[._/-][a-z0-9]+)*)(?::([\w][\w.-]{0,127})|@(sha256:[0-9a-f]{64}))$/;

/** An image in ECR, taken apart. */
export interface EcrImage {
  readonly registryId: string;
  readonly region: string;
  readonly repositoryName: string;
  /** What stands before the tag or digest. */
  readonly repositoryUrl: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

/** Takes an ECR image's address apart; undefined where the text is none. */
export function ecrImage(uri: string): EcrImage | undefined {
  const [, registryId, region, repositoryName, tag, digest] = ECR_IMAGE.exec(uri) ?? [];
  if (registryId === undefined || region === undefined || repositoryName === undefined) return undefined;
  const repositoryUrl = `${uri.slice(0, uri.indexOf("/"))}/${repositoryName}`;
  return {
    registryId,
    region,
    repositoryName,
    repositoryUrl,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest }),
  };
}

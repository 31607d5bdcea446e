import { hash, PLACE, text } from "./outputs.js";
import type { CloudState } from "./cloudState.js";
import { CloudError, type Properties } from "./wire.js";

const { account, region } = PLACE;

/** Results of the providers' functions, by token. */
const RESULTS: Readonly<Record<string, (args: Properties, state: CloudState) => Properties>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": () => ({
    accountId: account,
    arn: `arn:aws:iam::${account}:user/deployer`,
    id: account,
    userId: "AIDACKCEVSQ6C2EXAMPLE",
  }),
  "aws:index/getPartition:getPartition": () => ({
    id: "aws",
    partition: "aws",
    dnsSuffix: "amazonaws.com",
    reverseDnsPrefix: "com.amazonaws",
    region,
  }),
  "aws:index/getRegion:getRegion": () => ({ id: region, name: region, region, description: "US East (N. Virginia)" }),
  "aws:index/getAvailabilityZones:getAvailabilityZones": () => ({
    id: region,
    names: ["a", "b", "c"].map((zone) => `${region}${zone}`),
    zoneIds: ["use1-az1", "use1-az2", "use1-az4"],
    groupNames: [region],
  }),
  "aws:ec2/getSubnet:getSubnet": (args, state) => existing(state, "aws:ec2/subnet:Subnet", args),
  "aws:ec2/getSecurityGroup:getSecurityGroup": (args, state) =>
    existing(state, "aws:ec2/securityGroup:SecurityGroup", args),
  "aws:ecr/getAuthorizationToken:getAuthorizationToken": (_args, state) => ({
    id: region,
    userName: "AWS",
    // A new one at every call, as from ECR.
    password: hash(String(++state.created), 40),
    authorizationToken: hash(String(state.created), 40),
    expiresAt: "2030-01-01T00:00:00Z",
    proxyEndpoint: `https://${account}.dkr.ecr.${region}.amazonaws.com`,
  }),
  "aws:s3/getObject:getObject": (args, { overwritten }) => {
    const object = `${text(args["bucket"])}/${text(args["key"])}`;
    const weights = hash(`${object} ${overwritten[object] ?? 0}`, 64);
    const files = { "config.json": hash(object, 64), "model.safetensors": weights };
    return { ...args, bodyBase64: Buffer.from(JSON.stringify({ schema_version: 1, files })).toString("base64") };
  },
  "aws:ecr/getImage:getImage": (args, state) => ({ ...args, imageDigest: digestOf(args, state) }),
};

/** The outputs of a resource that was not made by the stack. */
function existing(state: CloudState, type: string, { id, vpcId }: Properties): Properties {
  const found = Object.values(state.resources).find((resource) => resource.type === type && resource.id === id);
  if (found?.inputs["vpcId"] !== vpcId) throw new CloudError(`there is no ${type} '${text(id)}' in '${text(vpcId)}'`);
  return { ...found?.outputs, id };
}

/**
 * The result of a provider's function.
 *
 * @throws CloudError for a function without an entry in the table
 */
export function invoked(state: CloudState, token: string, args: Properties): Properties {
  const result = RESULTS[token];
  if (!result) throw new CloudError(`${token} has no result in the simulated cloud; add it to the table of results`);
  return result(args, state);
}

/** The digest of an image: of a repository of the stack what was pushed, of every other one the hash of its name. */
function digestOf({ repositoryName, imageTag }: Properties, state: CloudState): string {
  const [repository, tag] = [text(repositoryName), text(imageTag)];
  if (!(`aws:ecr/repository:Repository|${repository}` in state.resources)) {
    return `sha256:${hash(`${repository}:${tag}`, 64)}`;
  }
  const digest = state.images[repository]?.[tag];
  if (digest === undefined) throw new CloudError(`reading ECR Image (${repository}:${tag}): couldn't find resource`);
  return digest;
}

import { credentials } from "@grpc/grpc-js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import monitorProto from "@pulumi/pulumi/proto/resource_grpc_pb.js";
import resourceProto from "@pulumi/pulumi/proto/resource_pb.js";
import { text } from "./outputs.js";
import { fromStruct, toStruct, UNKNOWN, type Properties } from "./wire.js";

/** A resource that a component makes. */
interface Child {
  readonly type: string;
  readonly name: string;
  readonly inputs: Properties;
}

/** Registers a resource below the component, and returns its outputs with its id. */
type Register = (child: Child) => Promise<Properties>;

/** What the components of awsx make of their inputs, as the sources of awsx 3 have it; each returns its outputs. */
const COMPONENTS: Readonly<
  Record<string, (name: string, inputs: Properties, register: Register) => Promise<Properties>>
> = {
  "awsx:ecr:Repository": async (name, { lifecyclePolicy, ...inputs }, register) => {
    const repository = await register({ type: "aws:ecr/repository:Repository", name, inputs });
    const { rules = [] } = (lifecyclePolicy ?? {}) as { rules?: readonly Properties[] };
    const policy = JSON.stringify({
      rules: rules.map(({ description, tagStatus, maximumNumberOfImages }, index) => ({
        rulePriority: index + 1,
        description,
        selection: { tagStatus, countType: "imageCountMoreThan", countNumber: maximumNumberOfImages },
        action: { type: "expire" },
      })),
    });
    await register({
      type: "aws:ecr/lifecyclePolicy:LifecyclePolicy",
      name,
      inputs: { repository: repository["name"] ?? UNKNOWN, policy },
    });
    return { url: repository["repositoryUrl"] ?? UNKNOWN };
  },
  "awsx:ecr:Image": async (_name, { repositoryUrl, imageTag, context, platform }, register) => {
    const known = repositoryUrl !== UNKNOWN;
    const image = await register({
      type: "docker-build:index:Image",
      name: text(imageTag),
      inputs: {
        tags: known ? [`${text(repositoryUrl)}:${text(imageTag)}`] : UNKNOWN,
        context: { location: context },
        platforms: [platform],
        push: true,
      },
    });
    const digest = image["digest"] ?? UNKNOWN;
    return { imageUri: known && digest !== UNKNOWN ? `${text(repositoryUrl)}@${text(digest)}` : UNKNOWN };
  },
};

/**
 * Builds a component as the provider of awsx does: registers it and its resources with the engine.
 *
 * @param versionOf version of the package of a resource
 */
export async function construct(
  request: proto.ConstructRequest,
  versionOf: (name: string) => string,
): Promise<proto.ConstructResponse> {
  const component = COMPONENTS[request.getType()];
  if (component === undefined) throw new RangeError(`${request.getType()} is in no table of components.`);
  const monitor = new monitorProto.ResourceMonitorClient(request.getMonitorendpoint(), credentials.createInsecure());
  try {
    const own = registration(request, { type: request.getType(), name: request.getName(), inputs: {} });
    own.setCustom(false).setParent(request.getParent());
    const urn = (await registered(monitor, own)).getUrn();
    const outputs = await component(
      request.getName(),
      unwrapped(fromStruct(request.getInputs())) as Properties,
      async (child) => {
        const of = registration(request, child).setCustom(true).setParent(urn);
        of.setVersion(versionOf(child.type.split(":")[0] ?? ""));
        const response = await registered(monitor, of);
        return { ...fromStruct(response.getObject()), id: response.getId() };
      },
    );
    const done = new resourceProto.RegisterResourceOutputsRequest().setUrn(urn).setOutputs(toStruct(outputs));
    await new Promise<void>((resolve, reject) => {
      monitor.registerResourceOutputs(done, (error) => {
        if (error) reject(error);
        else resolve();
      });
    });
    return new proto.ConstructResponse().setUrn(urn).setState(toStruct(outputs));
  } finally {
    monitor.close();
  }
}

/** Mark of a value that is secret, or comes from other resources. */
const MARK = "4dabf18193072939515e22adb298388d";

/** Values without their marks; what has no value yet is unknown. */
function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unwrapped);
  if (typeof value !== "object" || value === null) return value;
  if (MARK in value) return "value" in value ? unwrapped(value.value) : UNKNOWN;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, unwrapped(inner)]));
}

function registration(
  request: proto.ConstructRequest,
  { type, name, inputs }: Child,
): resourceProto.RegisterResourceRequest {
  const registration = new resourceProto.RegisterResourceRequest()
    .setType(type)
    .setName(name)
    .setObject(toStruct(inputs))
    .setAcceptsecrets(false)
    .setSupportspartialvalues(true);
  if (request.hasRetainondelete()) registration.setRetainondelete(request.getRetainondelete() ?? false);
  return registration;
}

function registered(
  monitor: monitorProto.ResourceMonitorClient,
  request: resourceProto.RegisterResourceRequest,
): Promise<resourceProto.RegisterResourceResponse> {
  return new Promise((resolve, reject) => {
    monitor.registerResource(request, (error, response) => {
      if (error) reject(error);
      else resolve(response);
    });
  });
}

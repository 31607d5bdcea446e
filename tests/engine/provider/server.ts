import { createRequire } from "node:module";
import {
  Server,
  ServerCredentials,
  type handleUnaryCall,
  type sendUnaryData,
  type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import pluginProto from "@pulumi/pulumi/proto/plugin_pb.js";
import grpcProto from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import proto from "@pulumi/pulumi/proto/provider_pb.js";
import emptyProto from "google-protobuf/google/protobuf/empty_pb.js";
import type { Cloud } from "./cloud.js";
import { construct } from "./construct.js";
import { checkRights } from "./rights.js";
import { checkInputs, diffInputs, stateOf, type Difference } from "./plan.js";
import { fromStruct, toServiceError, toStruct } from "./wire.js";

/** Packages of the providers that the program uses. */
const PACKAGES = ["aws", "awsx", "docker-build", "random"] as const;

/** No size limit: a function's code is sent in one message. */
const OPTIONS = { "grpc.max_receive_message_length": -1 };

/** Servers that the engine uses in place of the real providers, in front of one simulated cloud. */
export interface Providers {
  /** Value of PULUMI_DEBUG_PROVIDERS: `aws:40001,random:40002`. */
  readonly debugProviders: string;
  /** Stops the servers at once; calls in progress fail. */
  stop(): void;
}

/**
 * Starts one provider server per package, on free ports of this machine.
 *
 * @param cloud returns the cloud for a call; called at every call
 */
export async function startProviders(cloud: () => Cloud): Promise<Providers> {
  const servers = await Promise.all(PACKAGES.map(async (name) => ({ name, ...(await serve(name, cloud)) })));
  return {
    debugProviders: servers.map(({ name, port }) => `${name}:${port}`).join(","),
    stop: () => {
      for (const { server } of servers) server.forceShutdown();
    },
  };
}

function installedVersion(name: string): string {
  const require = createRequire(import.meta.url);
  return (require(`@pulumi/${name}/package.json`) as { version: string }).version;
}

async function serve(name: string, cloud: () => Cloud): Promise<{ server: Server; port: number }> {
  const server = new Server(OPTIONS);
  server.addService(grpcProto.ResourceProviderService, implementation(name, cloud));
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
  return { server, port };
}

function implementation(name: string, cloud: () => Cloud): UntypedServiceImplementation {
  return {
    ...lifecycle(name),
    invoke: unary((request: proto.InvokeRequest) => {
      const result = cloud().invoke(request.getTok(), fromStruct(request.getArgs()));
      return new proto.InvokeResponse().setReturn(toStruct(result));
    }),
    construct: unary((request: proto.ConstructRequest) => construct(request, installedVersion)),
    check: unary((request: proto.CheckRequest) => {
      const inputs = checkInputs(typeOf(request), request.getName(), {
        olds: fromStruct(request.getOlds()),
        news: fromStruct(request.getNews()),
        seed: request.getRandomseed_asU8(),
      });
      return new proto.CheckResponse().setInputs(toStruct(inputs));
    }),
    diff: unary((request: proto.DiffRequest) => diffResponse(differenceOf(request))),
    create: unary(async (request: proto.CreateRequest) => {
      const resource = { type: typeOf(request), name: request.getName(), inputs: fromStruct(request.getProperties()) };
      const { id, outputs } = request.getPreview() ? cloud().previewCreate(resource) : cloud().create(resource);
      if (!request.getPreview()) await checkRights(cloud());
      return new proto.CreateResponse().setId(id).setProperties(toStruct(outputs));
    }),
    update: unary(async (request: proto.UpdateRequest) => {
      const resource = {
        type: typeOf(request),
        name: request.getName(),
        id: request.getId(),
        olds: fromStruct(request.getOlds()),
        inputs: fromStruct(request.getNews()),
        changed: differenceOf(request).changed,
      };
      const outputs = request.getPreview() ? cloud().previewUpdate(resource) : cloud().update(resource);
      if (!request.getPreview()) await checkRights(cloud());
      return new proto.UpdateResponse().setProperties(toStruct(outputs));
    }),
    read: unary((request: proto.ReadRequest) => {
      const found = cloud().read(typeOf(request), request.getId());
      const response = new proto.ReadResponse();
      if (!found) return response;
      return response.setId(request.getId()).setProperties(toStruct(found.outputs)).setInputs(toStruct(found.inputs));
    }),
    delete: unary(async (request: proto.DeleteRequest) => {
      cloud().delete({
        type: typeOf(request),
        name: request.getName(),
        id: request.getId(),
        timeoutSeconds: request.getTimeout(),
      });
      await checkRights(cloud());
      return new emptyProto.Empty();
    }),
  };
}

/** The calls with which the engine attaches and configures a provider. */
function lifecycle(name: string): UntypedServiceImplementation {
  const components = name === "awsx";
  return {
    getPluginInfo: unary(() => new pluginProto.PluginInfo().setVersion(installedVersion(name))),
    attach: unary(() => new emptyProto.Empty()),
    cancel: unary(() => new emptyProto.Empty()),
    checkConfig: unary((request: proto.CheckRequest) => new proto.CheckResponse().setInputs(request.getNews())),
    diffConfig: unary(() => new proto.DiffResponse().setChanges(proto.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: unary(() =>
      // Without `acceptSecrets`, secrets arrive as plain values, and the engine marks them as secret in its state. Who builds
      // components must accept them.
      new proto.ConfigureResponse()
        .setSupportspreview(true)
        .setAcceptsecrets(components)
        .setAcceptresources(components),
    ),
  };
}

function unary<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
  return (call, callback: sendUnaryData<Response>) => {
    void answer(respond, call.request, callback);
  };
}

async function answer<Request, Response>(
  respond: (request: Request) => Response | Promise<Response>,
  request: Request,
  callback: sendUnaryData<Response>,
): Promise<void> {
  try {
    callback(null, await respond(request));
  } catch (error) {
    callback(toServiceError(error), null);
  }
}

function differenceOf(request: proto.DiffRequest | proto.UpdateRequest): Difference {
  const olds = stateOf(fromStruct(request.getOldInputs()), fromStruct(request.getOlds()));
  return diffInputs(typeOf(request), olds, fromStruct(request.getNews()));
}

/** The resource's type, such as `aws:sns/topic:Topic`: the last part of the qualified type in its URN. */
function typeOf(request: { getUrn(): string }): string {
  return request.getUrn().split("::")[2]?.split("$").at(-1) ?? "";
}

function diffResponse({ changed, replacing, deleteBeforeReplace }: Difference): proto.DiffResponse {
  const { DIFF_NONE, DIFF_SOME } = proto.DiffResponse.DiffChanges;
  const { UPDATE, UPDATE_REPLACE } = proto.PropertyDiff.Kind;
  const response = new proto.DiffResponse()
    .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
    .setDiffsList([...changed])
    .setReplacesList([...replacing])
    .setDeletebeforereplace(deleteBeforeReplace)
    .setHasdetaileddiff(true);
  for (const property of changed) {
    const kind = replacing.includes(property) ? UPDATE_REPLACE : UPDATE;
    response.getDetaileddiffMap().set(property, new proto.PropertyDiff().setKind(kind).setInputdiff(true));
  }
  return response;
}

import type { Output } from "@pulumi/pulumi";
import { AsyncEndpoint, type AsyncEndpointArgs } from "./asyncEndpoint.js";
import { EndpointScaling, type EndpointScalingArgs } from "./endpointScaling.js";
import { modelIdentity, type ModelIdentity } from "./modelData.js";
import { workHoursOf } from "../shared/workHours.js";
import { ModelImage, type ModelImageArgs } from "./modelImage.js";

/** Arguments of {@link modelEndpoint}: those of its three components, as far as they do not come from one another. */
export type ModelEndpointArgs = ModelImageArgs &
  Omit<AsyncEndpointArgs, "image"> &
  Omit<EndpointScalingArgs, "scalableResourceId" | "endpointName" | "workHours"> & {
    /** First part of the logical names. */
    readonly prefix: string;
    /** Whether the number of instances follows the queue. */
    readonly enableAutoscaling: boolean;
    /** Working hours as text; empty for none. */
    readonly workHours: string;
  };

/** The model's container image, the asynchronous endpoint that serves it, and how jobs name the model. */
export interface ModelEndpoint {
  readonly image: ModelImage;
  readonly endpoint: AsyncEndpoint;
  readonly identity: ModelIdentity;
  readonly scaling: {
    /** Resource id of the scalable target, available when it is registered; undefined without `enableAutoscaling`. */
    readonly registeredId: Output<string> | undefined;
  };
}

/** Creates the image of the model, its asynchronous endpoint and, with `enableAutoscaling`, the scaling. */
export function modelEndpoint(args: ModelEndpointArgs): ModelEndpoint {
  const { prefix } = args;
  const image = new ModelImage(`${prefix}-image`, args);
  const endpoint = new AsyncEndpoint(prefix, { ...args, image });
  const { scalableResourceId } = endpoint;
  const scaling = args.enableAutoscaling
    ? new EndpointScaling(prefix, { ...args, workHours: workHoursOf(args.workHours), scalableResourceId })
    : undefined;
  const identity = modelIdentity(image, args.modelData, args);
  return { image, endpoint, identity, scaling: { registeredId: scaling?.registeredId } };
}

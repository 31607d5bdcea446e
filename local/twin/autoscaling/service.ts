import type { IncomingMessage, ServerResponse } from "node:http";
import * as z from "zod";
import { arnOf } from "../account.js";
import { operationOf } from "../awsProtocol.js";
import type { Clock } from "../clock.js";
import { AwsError, notEmulated, readBody, sendJson } from "../http.js";
import type { AsyncEndpoint } from "../sagemaker/endpoint.js";

const NAMESPACE = "sagemaker";
const DIMENSION = "sagemaker:variant:DesiredInstanceCount";
const MAX_BYTES = 100_000;

/** `endpoint/{name}/variant/{variant}` */
const RESOURCE_ID = /^endpoint\/([^/]+)\/variant\/([^/]+)$/;

/** What of the scaling is suspended. */
interface Suspended {
  readonly DynamicScalingInSuspended: boolean;
  readonly DynamicScalingOutSuspended: boolean;
  readonly ScheduledScalingSuspended: boolean;
}

const SUSPENDED: Suspended = {
  DynamicScalingInSuspended: false,
  DynamicScalingOutSuspended: false,
  ScheduledScalingSuspended: false,
};

/** @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html */
const registration = z.object({
  ServiceNamespace: z.literal(NAMESPACE),
  ScalableDimension: z.literal(DIMENSION),
  ResourceId: z.string().regex(RESOURCE_ID),
  MinCapacity: z.int().min(0).optional(),
  MaxCapacity: z.int().min(0).optional(),
  SuspendedState: z
    .object({
      DynamicScalingInSuspended: z.boolean().optional(),
      DynamicScalingOutSuspended: z.boolean().optional(),
      ScheduledScalingSuspended: z.boolean().optional(),
    })
    .optional(),
});

/** @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_DescribeScalableTargets.html */
const question = z.object({
  ServiceNamespace: z.literal(NAMESPACE),
  ResourceIds: z.array(z.string().min(1)).max(50).optional(),
  ScalableDimension: z.literal(DIMENSION).optional(),
});

/** A scalable target, as the API shows it. */
export interface ScalableTarget {
  readonly resourceId: string;
  readonly minCapacity: number;
  readonly maxCapacity: number;
  readonly suspended: Suspended;
  /** In seconds since 1970. */
  readonly createdAt: number;
}

/** Application Auto Scaling for the variants of endpoints: their limits, without policies and schedules. */
export class AutoscalingService {
  private readonly targets = new Map<string, ScalableTarget>();

  constructor(
    private readonly options: { readonly clock: Clock; readonly endpoint: (name: string) => AsyncEndpoint | undefined },
  ) {}

  /** Registers a target that the program has; its endpoint starts with these limits. */
  add(resourceId: string, minCapacity: number, maxCapacity: number): void {
    this.targets.set(resourceId, this.targetOf(resourceId, minCapacity, maxCapacity, SUSPENDED));
  }

  /** Answers one request. */
  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request, MAX_BYTES, () => invalid("The request is too long."));
    const input: unknown = JSON.parse(body.length > 0 ? body.toString() : "{}");
    sendJson(response, 200, this.answer(operationOf(request), input), { "content-type": "application/x-amz-json-1.1" });
  }

  private answer(operation: string, input: unknown): object {
    if (operation === "RegisterScalableTarget") return this.register(read(registration, input));
    if (operation === "DescribeScalableTargets") return this.describe(read(question, input));
    // No policy changes the number of instances here.
    if (operation === "DescribeScalingActivities") return { ScalingActivities: [] };
    const emulated = "it emulates RegisterScalableTarget, DescribeScalableTargets and DescribeScalingActivities";
    throw notEmulated("application-autoscaling", operation, emulated);
  }

  private register(input: z.infer<typeof registration>): object {
    const { ResourceId: id, SuspendedState: suspended = {} } = input;
    const known = this.targets.get(id);
    const { MinCapacity: min = known?.minCapacity, MaxCapacity: max = known?.maxCapacity } = input;
    // Both are needed for a new target, and what is left out of an update stays.
    if (min === undefined || max === undefined) {
      throw invalid(
        `${min === undefined ? "MinCapacity" : "MaxCapacity"} is required to register a new scalable target.`,
      );
    }
    if (min > max) throw invalid(`The minimum capacity ${min} is larger than the maximum capacity ${max}.`);
    const [, name = "", variant = ""] = RESOURCE_ID.exec(id) ?? [];
    const endpoint = this.options.endpoint(name);
    if (endpoint?.settings.variantName !== variant) {
      throw invalid(`The resource ${id} does not exist in the service ${NAMESPACE}.`);
    }
    const target = this.targetOf(id, min, max, { ...(known?.suspended ?? SUSPENDED), ...given(suspended) });
    this.targets.set(id, { ...target, createdAt: known?.createdAt ?? target.createdAt });
    // The number of instances is moved into the limits.
    endpoint.limit(min, max);
    return {
      ScalableTargetARN: arnOf(
        "application-autoscaling",
        `scalable-target/${Buffer.from(id).toString("hex").slice(0, 32)}`,
      ),
    };
  }

  private describe({ ResourceIds: ids }: z.infer<typeof question>): object {
    const found = [...this.targets.values()].filter(({ resourceId }) => ids?.includes(resourceId) ?? true);
    return {
      ScalableTargets: found.map((target) => ({
        ServiceNamespace: NAMESPACE,
        ResourceId: target.resourceId,
        ScalableDimension: DIMENSION,
        MinCapacity: target.minCapacity,
        MaxCapacity: target.maxCapacity,
        SuspendedState: target.suspended,
        CreationTime: target.createdAt,
      })),
    };
  }

  private targetOf(resourceId: string, minCapacity: number, maxCapacity: number, suspended: Suspended): ScalableTarget {
    return { resourceId, minCapacity, maxCapacity, suspended, createdAt: this.options.clock.now() / 1_000 };
  }
}

function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.infer<Schema> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const faults = result.error.issues.map(({ path, message }) => `'${path.map(String).join(".")}': ${message}`);
  throw invalid(`${faults.length} validation error(s): ${faults.join("; ")}`);
}

/** What a request says; what it leaves out stays as it was. */
function given(suspended: object): Partial<Suspended> {
  return Object.fromEntries(Object.entries(suspended).filter(([, value]) => value !== undefined));
}

function invalid(message: string): AwsError {
  return new AwsError(400, "ValidationException", message);
}

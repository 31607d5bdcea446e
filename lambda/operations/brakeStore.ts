import {
  DescribeScalableTargetsCommand,
  RegisterScalableTargetCommand,
  type ApplicationAutoScalingClient,
} from "@aws-sdk/client-application-auto-scaling";
import { GetCommand, PutCommand, type DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import * as z from "zod";
import { BRAKE_KEY } from "../../contract/brake.js";

/** What the ledger has about the brake. */
const stored = z.object({ on: z.boolean(), changed_at: z.string(), reason: z.string() });
export type Stored = z.infer<typeof stored>;

/** Limits of the number of instances. */
export interface Limits {
  readonly min: number;
  readonly max: number;
}

const TARGET = {
  ServiceNamespace: "sagemaker",
  ScalableDimension: "sagemaker:variant:DesiredInstanceCount",
} as const;

/** Where the brake is kept: its state in the ledger, and the limits of the scalable targets. */
export class BrakeStore {
  constructor(
    private readonly documents: DynamoDBDocumentClient,
    private readonly scaling: ApplicationAutoScalingClient,
    private readonly jobTableName: string,
  ) {}

  /** The state in the ledger; off if it was never pulled. */
  async read(): Promise<Stored> {
    const get = new GetCommand({
      TableName: this.jobTableName,
      Key: { output_id: BRAKE_KEY },
      ConsistentRead: true,
    });
    const { Item } = await this.documents.send(get);
    return Item === undefined ? { on: false, changed_at: "", reason: "" } : stored.parse(Item);
  }

  async write(state: Stored): Promise<void> {
    const Item = { output_id: BRAKE_KEY, ...state };
    await this.documents.send(new PutCommand({ TableName: this.jobTableName, Item }));
  }

  /**
   * Sets the limits; Application Auto Scaling then moves the number of instances between them. While the brake is on,
   * policies and schedules start no instance.
   *
   * @see https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
   */
  async limit(resourceId: string, { min, max }: Limits, braked: boolean): Promise<void> {
    await this.scaling.send(
      new RegisterScalableTargetCommand({
        ...TARGET,
        ResourceId: resourceId,
        MinCapacity: min,
        MaxCapacity: max,
        SuspendedState: {
          DynamicScalingOutSuspended: braked,
          ScheduledScalingSuspended: braked,
        },
      }),
    );
  }

  /** The limits as they are, by resource id; nothing for one that is no scalable target. */
  async limits(resourceIds: readonly string[]): Promise<ReadonlyMap<string, Limits>> {
    const { ScalableTargets: found = [] } = await this.scaling.send(
      new DescribeScalableTargetsCommand({ ...TARGET, ResourceIds: [...resourceIds] }),
    );
    return new Map(
      found.map(({ ResourceId: id = "", MinCapacity: min = 0, MaxCapacity: max = 0 }) => [id, { min, max }]),
    );
  }
}

import { PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import { REQUEST_TTL_SECONDS } from "../../contract/limits.js";
import type { SkippingClock } from "../../local/twin/skippingClock.js";
import type { Twin } from "../../local/twin/start.js";
import type { FaultPlan } from "./faultPlan.js";
import type { Injector } from "./injector.js";
import type { QuietTwin } from "./quietTwin.js";

/** Time in which the sweeper runs once, and in which an idle endpoint has scaled to zero, in seconds. */
export const SWEEP_SECONDS = 61;
const IDLE_SECONDS = 10 * SWEEP_SECONDS;

/** Part of the time of a wave after which the model server is killed, in ms. */
const KILL_MS = { least: 200, range: 800 };

/** Something that happens to the whole twin around a wave of jobs. */
export interface FaultEvent {
  readonly name: string;
  readonly before?: () => Promise<void> | void;
  readonly after?: () => Promise<void>;
}

export interface EventParts {
  readonly twin: Twin;
  readonly clock: SkippingClock;
  readonly quiet: QuietTwin;
  readonly plan: FaultPlan;
  readonly injector: Injector;
}

/** The events of a run, and the messages about unknown jobs that they sent. */
export class FaultEvents {
  unknownSent = 0;
  private kills = 0;
  private readonly sns: SNSClient;

  constructor(private readonly parts: EventParts) {
    this.sns = new SNSClient(parts.twin.clientConfig);
  }

  all(): readonly FaultEvent[] {
    const { injector, quiet } = this.parts;
    return [
      {
        name: "the model server is killed",
        before: () => {
          this.killSoon();
        },
      },
      {
        name: "no instance can be started, and the queue's time to live passes",
        before: async () => {
          await this.scaleToZero();
          injector.startOutage();
        },
        after: async () => {
          await quiet.skip(REQUEST_TTL_SECONDS + SWEEP_SECONDS);
          injector.endOutage();
        },
      },
      {
        name: "the recorder restarts",
        before: () => {
          injector.restartRecorder();
        },
      },
      { name: "messages about unknown jobs arrive", after: () => this.publishUnknown() },
      { name: "the endpoint has scaled to zero", before: () => this.scaleToZero() },
    ];
  }

  private killSoon(): void {
    const { injector, plan } = this.parts;
    const afterMs = KILL_MS.least + KILL_MS.range * plan.number(`kill/${this.kills++}`);
    setTimeout(() => {
      injector.killModel();
    }, afterMs).unref();
  }

  private async scaleToZero(): Promise<void> {
    const { quiet } = this.parts;
    await quiet.everything();
    await quiet.skip(IDLE_SECONDS);
  }

  private async publishUnknown(): Promise<void> {
    const { clock, plan, twin } = this.parts;
    const [TopicArn] = twin.outputs["notificationTopicArns"] as string[];
    const time = new Date(clock.now()).toISOString();
    for (const digit of "123") {
      this.unknownSent += 1;
      plan.count("message about an unknown job");
      const message = {
        eventTime: time,
        receivedTime: time,
        invocationStatus: "Completed",
        requestParameters: { endpointName: twin.outputs["endpointName"] },
        inferenceId: `00000000-0000-8000-8000-00000000000${digit}.1`,
      };
      await this.sns.send(new PublishCommand({ TopicArn, Message: JSON.stringify(message) }));
    }
  }
}

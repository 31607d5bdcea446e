import { setTimeout as delay } from "node:timers/promises";
import type { InvocationFault, ServiceCall, TwinFaults } from "../../local/twin/faults.js";
import { AwsError } from "../../local/twin/http.js";
import type { EndpointStore } from "../../local/twin/sagemaker/endpoint.js";
import type { FaultPlan } from "./faultPlan.js";
import type { IndependentRecord } from "./independentRecord.js";
import { MessageFaults } from "./messageFaults.js";
import { REFUSALS, SDK_TRIES, SHARES } from "./faultShares.js";
import { jobOfCall, recordedAttempt } from "./serviceCalls.js";
import { startStandIn, type Behaviour, type StandIn } from "./standInModel.js";

/** Injects faults at the twin's gateway, into Lambda, SageMaker and SNS, and keeps the record that proves the outcome. */
export class Injector implements TwinFaults {
  /** Number of invocations of functions that run now. */
  running = 0;
  private model: StandIn | undefined;
  private capacity = Promise.resolve();
  private provide: () => void = () => undefined;
  private restarts = 0;
  private readonly sent: MessageFaults;
  private writes = 0;
  private messages = 0;

  constructor(
    private readonly plan: FaultPlan,
    private readonly record: IndependentRecord,
  ) {
    this.sent = new MessageFaults(plan, "message", SHARES);
  }

  readonly request = (call: ServiceCall): AwsError | "lost" | undefined => {
    const refusal = REFUSALS[call.service];
    if (!refusal) return undefined;
    const key = `${call.operation}/${jobOfCall(call)}`;
    if (this.plan.happens(`${call.service}: no try succeeds`, key, refusal.always, SDK_TRIES)) return refusal.error;
    if (this.plan.happens(`${call.service}: one try fails`, key, refusal.once)) return refusal.error;
    return this.plan.happens(`${call.service}: answer lost`, key, refusal.lost) ? "lost" : undefined;
  };

  readonly handled = (call: ServiceCall, status: number): void => {
    if (status >= 300) return;
    if (call.service === "sagemaker" && call.operation.endsWith("/async-invocations")) {
      this.record.invoked(jobOfCall(call));
    }
    const attempt = recordedAttempt(call);
    if (attempt !== undefined) this.record.recorded(attempt);
  };

  readonly invocation = (functionName: string): InvocationFault | undefined => {
    this.running += 1;
    if (functionName.endsWith("-recorder") && this.restarts > 0) {
      this.restarts -= 1;
      this.plan.count("recorder restarted");
      return { kind: "timeout", afterMs: 20 };
    }
    if (this.plan.happens("lambda: throttled", functionName, SHARES.throttle)) {
      this.running -= 1;
      return { kind: "throttle" };
    }
    const call = this.plan.injected.get("lambda: timed out") ?? 0;
    if (!this.plan.happens("lambda: timed out", functionName, SHARES.timeout)) return undefined;
    return { kind: "timeout", afterMs: 5 + 200 * this.plan.number(`after/${functionName}/${call}`) };
  };

  readonly invoked = (): void => {
    this.running -= 1;
  };

  readonly store = (store: EndpointStore): EndpointStore => ({
    read: async (location) => {
      if (this.plan.happens("S3 get of SageMaker fails", jobOfKey(location), SHARES.download)) throw unavailable();
      return store.read(location);
    },
    write: async (location, body, contentType) => {
      const fails = this.plan.happens("S3 put of SageMaker fails", String(this.writes++), SHARES.upload);
      if (!fails) return store.write(location, body, contentType);
      const sequence = /"sequence":"([A-Z]+)"/.exec(body.toString())?.[1];
      if (sequence !== undefined) this.record.resultLost(sequence);
      throw unavailable();
    },
    publish: (topicArn, message) => this.publish(() => store.publish(topicArn, message), String(this.messages++)),
  });

  /** Starts a model server, once there is capacity for an instance. */
  readonly launch = async (): Promise<StandIn> => {
    await this.capacity;
    this.model = await startStandIn({
      behaviour: (id) => this.behaviour(id),
      onAnswer: (id, status) => {
        if (status === 200) this.record.scored(id);
      },
    });
    return this.model;
  };

  /** Kills the model server. */
  killModel(): void {
    this.plan.count("model server killed");
    this.model?.kill();
  }

  /** From now on no instance can be started, until {@link endOutage}. */
  startOutage(): void {
    this.plan.count("no capacity for an instance");
    this.capacity = new Promise((resolve) => (this.provide = resolve));
  }

  endOutage(): void {
    this.provide();
    this.capacity = Promise.resolve();
  }

  /** Ends the recorder's process in its next invocations. */
  restartRecorder(): void {
    this.restarts += 2;
  }

  /** Delivers a message that waits for the next one. */
  deliverHeld(): Promise<void> {
    return this.sent.deliverHeld();
  }

  private behaviour(inferenceId: string): Behaviour {
    const speed = this.plan.number(`speed/${inferenceId}`);
    if (this.plan.happens("model slow", inferenceId, SHARES.slow))
      return { afterMs: 1_000 + 2_000 * speed, status: 200 };
    const status = this.plan.happens("model answers 500", inferenceId, SHARES.modelError) ? 500 : 200;
    return { afterMs: 10 + 40 * speed, status };
  }

  private async publish(send: () => Promise<void>, key: string): Promise<void> {
    if (this.plan.happens("message dropped", key, SHARES.dropped)) return;
    if (this.plan.happens("message delayed", key, SHARES.delayed)) {
      void delay(500 + 2_500 * this.plan.number(`delay/${key}`))
        .then(send)
        .catch(() => undefined);
      return;
    }
    await this.sent.send(send, key);
  }
}

function jobOfKey(location: string): string {
  return location.split("/").at(-1) ?? "";
}

function unavailable(): Error {
  return new AwsError(503, "SlowDown", "Reduce your request rate.");
}

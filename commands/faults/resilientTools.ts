import { setTimeout as delay } from "node:timers/promises";
import type { GetResultsData, InvokeEndpointData } from "../../contract/tools.js";
import { ToolCallError, type ToolsClient } from "../../client/tools.js";

/** Calls of a caller that tries again, as the errors of the tools and of Lambda tell it to. */
const TRIES = 12;
const PAUSE_MS = 100;

/** Errors after which the same call may succeed later. Any other is a fault of the service. */
const PASSING: readonly string[] = ["SERVICE_BUSY", "ENDPOINT_UNAVAILABLE"];

/** A caller of the tools that does not give up after the first error. */
export class ResilientTools {
  /** Errors of the tools that no fault explains, by code. */
  readonly unexplained = new Map<string, number>();

  constructor(private readonly tools: ToolsClient) {}

  submit(sequence: string, name: string): Promise<InvokeEndpointData | undefined> {
    return this.untilAnswered(() => this.tools.invokeEndpoint({ sequence, name }));
  }

  results(outputId: string): Promise<GetResultsData | undefined> {
    return this.untilAnswered(() => this.tools.getResults({ output_id: outputId, detail: "full" }));
  }

  /** @returns undefined if no try succeeded */
  private async untilAnswered<Data>(call: () => Promise<Data>): Promise<Data | undefined> {
    for (let tried = 0; tried < TRIES; tried++) {
      try {
        return await call();
      } catch (error) {
        if (error instanceof ToolCallError && !PASSING.includes(error.code)) {
          this.unexplained.set(error.code, (this.unexplained.get(error.code) ?? 0) + 1);
        }
        await delay(PAUSE_MS * (tried + 1));
      }
    }
    return undefined;
  }
}

import type { SFNClient } from "@aws-sdk/client-sfn";
import { awsCall, namesOf } from "./awsCall.js";
import type { Instrument } from "./clients.js";

/**
 * Errors with which Step Functions refuses the answer of a task that does not wait any more: it was answered, timed out,
 * or belongs to an execution that was stopped.
 *
 * @see https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html#API_SendTaskSuccess_Errors
 */
const GONE: readonly string[] = ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"];

/** Answers the tasks of state machines that wait with a token. The client is loaded with the first answer. */
export class TaskAnswers {
  readonly #instrument: Instrument;
  #client: Promise<SFNClient> | undefined;

  constructor(instrument: Instrument = (client) => client) {
    this.#instrument = instrument;
  }

  /** @returns false if nobody waits for the answer any more */
  async succeed(taskToken: string, output: object): Promise<boolean> {
    const { SendTaskSuccessCommand } = await import("@aws-sdk/client-sfn");
    const answer = new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) });
    return awaited("states:SendTaskSuccess", (await this.#connected()).send(answer));
  }

  /** @returns false if nobody waits for the answer any more */
  async fail(taskToken: string, error: string, cause: string): Promise<boolean> {
    const { SendTaskFailureCommand } = await import("@aws-sdk/client-sfn");
    const answer = new SendTaskFailureCommand({ taskToken, error, cause });
    return awaited("states:SendTaskFailure", (await this.#connected()).send(answer));
  }

  #connected(): Promise<SFNClient> {
    return (this.#client ??= import("@aws-sdk/client-sfn").then(({ SFNClient: Client }) =>
      this.#instrument(new Client()),
    ));
  }
}

async function awaited(action: string, call: Promise<unknown>): Promise<boolean> {
  try {
    await awsCall(action, call);
    return true;
  } catch (error) {
    if (namesOf(error).some((name) => GONE.includes(name))) return false;
    throw error;
  }
}

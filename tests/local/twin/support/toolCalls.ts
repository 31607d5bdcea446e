import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import type { GetResultsData, InvokeEndpointData, ToolAnswer, ToolFailure } from "../../../../contract/tools.js";
import type { Twin } from "../../../../local/twin/start.js";
import { until } from "./until.js";

/** Calls the tools function of a twin, as an agent does. */
export class ToolCalls {
  private readonly client: LambdaClient;
  private readonly functionName: string;

  constructor(twin: Pick<Twin, "clientConfig" | "outputs">) {
    this.client = new LambdaClient(twin.clientConfig);
    this.functionName = String(twin.outputs["lambdaFunctionName"]);
  }

  /** Calls the function; throws if the function itself failed. */
  async call<Data>(event: object, clientContext?: object): Promise<ToolAnswer<Data>> {
    const { Payload, FunctionError } = await this.client.send(
      new InvokeCommand({
        FunctionName: this.functionName,
        Payload: Buffer.from(JSON.stringify(event)),
        ...(clientContext ? { ClientContext: Buffer.from(JSON.stringify(clientContext)).toString("base64") } : {}),
      }),
    );
    const text = Buffer.from(Payload ?? []).toString();
    if (FunctionError) throw new Error(`The function failed: ${text}`);
    return JSON.parse(text) as ToolAnswer<Data>;
  }

  /** Submits a protein. */
  async submit(input: object): Promise<InvokeEndpointData> {
    return dataOf(await this.call<InvokeEndpointData>({ tool_name: "invoke_endpoint", ...input }));
  }

  /** The current answer of get_results. */
  async results(outputId: string, input: object = {}): Promise<GetResultsData> {
    return dataOf(await this.call<GetResultsData>({ tool_name: "get_results", output_id: outputId, ...input }));
  }

  /** Waits until a job is no longer in progress. */
  ended(outputId: string): Promise<GetResultsData> {
    return until(`the end of job ${outputId}`, async () => {
      const data = await this.results(outputId);
      return data.status === "in_progress" ? undefined : data;
    });
  }
}

/** The data of a successful answer; throws if the tool refused. */
export function dataOf<Data>(answer: ToolAnswer<Data>): Data {
  if (!answer.success) throw new Error(`The tool refused: ${answer.error_code}: ${answer.message}`);
  return answer.data;
}

/** The refusal; throws if the tool succeeded. */
export function refusalOf(answer: ToolAnswer<unknown>): ToolFailure {
  if (answer.success) throw new Error("The tool succeeded.");
  return answer;
}

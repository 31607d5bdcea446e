import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ECRClient } from "@aws-sdk/client-ecr";
import { GetFunctionCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SageMakerClient } from "@aws-sdk/client-sagemaker";
import { SSMClient } from "@aws-sdk/client-ssm";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { DynamoDBDocumentClient } from "@aws-sdk/lib-dynamodb";
import { z } from "zod";
import { JOB_ENVIRONMENT, MODELS_ENVIRONMENT } from "../../contract/environment.js";
import { servedVersion, type ServedVersion } from "../../contract/models.js";
import { UsageError } from "../command.js";
import type { Target } from "../vep/target.js";
import type { ActivationServices } from "./activate.js";
import type { LedgerSource } from "./ledgerComparison.js";
import { ModelRegistry } from "./modelRegistry.js";

/** End of the name of the tools' function, which begins with the prefix of the stack; see components/config/config.ts. */
const FUNCTION_NAME = "-async-endpoint-lambda";

/** What the function of a stack was given. */
export interface StackFacts {
  readonly served: readonly ServedVersion[];
  readonly modelB: string | undefined;
  readonly table: string;
}

/** A stack, as the commands of model versions use it. */
export interface StackAccess extends ActivationServices {
  readonly prefix: string;
  readonly sageMaker: SageMakerClient;
  readonly ledger: () => Promise<LedgerSource>;
  readonly facts: () => Promise<StackFacts>;
}

/**
 * Access to the stack that a command calls.
 *
 * @throws UsageError if the function is not the tools' function of a stack
 */
export function stackAccess({ functionName, clientConfig, s3 }: Target): StackAccess {
  const name = functionName.slice(functionName.lastIndexOf(":") + 1);
  if (!name.endsWith(FUNCTION_NAME)) {
    throw new UsageError(`'${name}' is not the tools' function of a stack, whose name ends in ${FUNCTION_NAME}.`);
  }
  const prefix = name.slice(0, -FUNCTION_NAME.length);
  const sageMaker = new SageMakerClient(clientConfig);
  const isTwin = clientConfig.endpoint !== undefined;
  const facts = (): Promise<StackFacts> => factsOf(new LambdaClient(clientConfig), functionName);
  return {
    prefix,
    sageMaker,
    registry: new ModelRegistry(new SSMClient(clientConfig), prefix),
    clients: {
      sageMaker,
      cloudWatch: new CloudWatchClient(clientConfig),
      ecr: isTwin ? undefined : new ECRClient(clientConfig),
    },
    by: async () => (await new STSClient(clientConfig).send(new GetCallerIdentityCommand())).Arn ?? "unknown",
    now: () => new Date(),
    facts,
    ledger: async () => ({
      documents: DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig)),
      table: (await facts()).table,
      s3,
    }),
  };
}

async function factsOf(lambda: LambdaClient, functionName: string): Promise<StackFacts> {
  const { Configuration } = await lambda.send(new GetFunctionCommand({ FunctionName: functionName }));
  const variables = Configuration?.Environment?.Variables ?? {};
  const served = variables[MODELS_ENVIRONMENT.versions];
  return {
    served: served ? z.array(servedVersion).parse(JSON.parse(served)) : [],
    modelB: variables[MODELS_ENVIRONMENT.modelB],
    table: variables[JOB_ENVIRONMENT.jobTableName] ?? "",
  };
}

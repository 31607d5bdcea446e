import { MODEL_GUARD_ENVIRONMENT, MODELS_ENVIRONMENT } from "../../../contract/environment.js";
import { servedVersion } from "../../../contract/models.js";
import { arn, type Right } from "./commonRights.js";
import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/** Functions that submit nothing of their own: they never ask which version is active. */
const NEVER_CHOOSES = /-(?:recorder|sweeper)$/;

/**
 * What a function needs to use all model versions of a stack. None on a stack with one.
 *
 * @param starts whether it starts jobs
 */
export function modelRights(functionName: string, starts: boolean, variables: Properties): Right[] {
  const list = text(variables[MODELS_ENVIRONMENT.versions]);
  if (list === "") return [];
  const endpoints = servedVersion
    .array()
    .parse(JSON.parse(list))
    .map(({ endpoint }) => arn("sagemaker", `endpoint/${endpoint}`));
  return [
    ...(starts ? endpoints : []).flatMap((endpoint): Right[] => [
      ["sagemaker:DescribeEndpoint", endpoint],
      ["sagemaker:InvokeEndpointAsync", endpoint],
    ]),
    ...(NEVER_CHOOSES.test(functionName) ? [] : [["ssm:GetParameter", pointerOf(variables)] as const]),
  ];
}

/** What the guard of model versions needs; undefined for every other function. */
export function guardRights(variables: Properties): Right[] | undefined {
  if (variables[MODEL_GUARD_ENVIRONMENT.alarms] === undefined) return undefined;
  return ["ssm:GetParameter", "ssm:PutParameter"].map((action): Right => [action, pointerOf(variables)]);
}

function pointerOf(variables: Properties): string {
  return arn("ssm", `parameter${text(variables[MODELS_ENVIRONMENT.pointer])}`);
}

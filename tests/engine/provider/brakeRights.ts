import { BRAKE_ENVIRONMENT } from "../../../contract/environment.js";
import { BRAKE_KEY, type BrakeTarget } from "../../../contract/brake.js";
import type { CloudView } from "./cloudState.js";
import { arn, keyUse, type Right } from "./commonRights.js";
import { text } from "./outputs.js";
import type { Properties } from "./wire.js";

/**
 * What the function of the brake needs besides its queue: its item of the ledger, and the limits of the scalable targets.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsapplicationautoscaling.html
 */
export function brakeRights(cloud: CloudView, variables: Properties): Right[] {
  const tableName = text(variables[BRAKE_ENVIRONMENT.jobTableName]);
  const table = cloud.find("aws:dynamodb/table:Table", tableName);
  const key = text((table?.inputs["serverSideEncryption"] as Properties | undefined)?.["kmsKeyArn"]);
  const targets = cloud.all("aws:appautoscaling/target:Target");
  const versions = JSON.parse(text(variables[BRAKE_ENVIRONMENT.versions]) || "[]") as BrakeTarget[];
  const ids = [text(variables[BRAKE_ENVIRONMENT.scalableResourceId]), ...versions.map(({ resourceId }) => resourceId)];
  const endpoints = ids.map((id) => arn("sagemaker", `endpoint/${id.split("/")[1] ?? ""}`));
  return [
    ...["GetItem", "PutItem"].map((action): Right => [
      `dynamodb:${action}`,
      arn("dynamodb", `table/${tableName}`),
      { "dynamodb:LeadingKeys": BRAKE_KEY },
    ]),
    ...targets.map(({ inputs, outputs }): Right => {
      const tags = (inputs["tags"] ?? {}) as Properties;
      return [
        "application-autoscaling:RegisterScalableTarget",
        text(outputs["arn"]),
        {
          "application-autoscaling:service-namespace": "sagemaker",
          "aws:ResourceTag/Project": text(tags["Project"]),
          "aws:ResourceTag/Stack": text(tags["Stack"]),
        },
      ];
    }),
    ["application-autoscaling:DescribeScalableTargets", "*"],
    ...["DescribeEndpoint", "UpdateEndpointWeightsAndCapacities"].flatMap((action) =>
      endpoints.map((endpoint): Right => [`sagemaker:${action}`, endpoint]),
    ),
    ...(key === "" ? [] : keyUse(key, "dynamodb", ["kms:Decrypt", "kms:DescribeKey"])),
  ];
}

"""Uses the twin as any program with boto3 does: only the environment names its address."""

import base64
import json
import sys
import time
from typing import Any

import boto3
from botocore.exceptions import ClientError

PATIENCE_S = 60


def call(function: str, event: dict[str, Any], context: dict[str, Any] | None = None) -> dict[str, Any]:
    """Calls the tools function; raises if the function itself failed."""
    extra = {"ClientContext": base64.b64encode(json.dumps(context).encode()).decode()} if context else {}
    answer = boto3.client("lambda").invoke(FunctionName=function, Payload=json.dumps(event), **extra)
    if "FunctionError" in answer:
        raise RuntimeError(answer["Payload"].read().decode())
    found: dict[str, Any] = json.loads(answer["Payload"].read())
    return found


def ended(function: str, output_id: str) -> dict[str, Any]:
    """Waits until a job is no longer in progress."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = call(function, {"tool_name": "get_results", "output_id": output_id, "detail": "summary"})
        data: dict[str, Any] = answer["data"]
        if data["status"] != "in_progress":
            return data
        time.sleep(0.1)
    raise TimeoutError(output_id)


def main(function: str, endpoint: str, table: str, sequence: str) -> None:
    """Prints the answers of all services as one JSON object."""
    context = {"custom": {"bedrockAgentCoreToolName": "target___invoke_endpoint"}}
    submitted = call(function, {"sequence": sequence}, context)["data"]
    result = ended(function, submitted["output_id"])
    bucket, key = submitted["s3_output_path"].removeprefix("s3://").split("/", 1)
    stored = json.load(boto3.client("s3").get_object(Bucket=bucket, Key=key)["Body"])
    item = boto3.client("dynamodb").get_item(TableName=table, Key={"output_id": {"S": submitted["output_id"]}})
    described = boto3.client("sagemaker").describe_endpoint(EndpointName=endpoint)
    listed = boto3.client("lambda").list_functions()["Functions"]
    try:
        boto3.client("sagemaker-runtime").invoke_endpoint_async(EndpointName="unknown", InputLocation="s3://a/b")
        refusal = None
    except ClientError as error:
        refusal = error.response["Error"]["Code"]
    try:
        boto3.client("application-autoscaling").list_tags_for_resource(ResourceARN="arn:aws:autoscaling:::target")
        missing = None
    except ClientError as error:
        missing = {
            "code": error.response["Error"]["Code"],
            "retries": error.response["ResponseMetadata"]["RetryAttempts"],
        }
    answers = {
        "status": result["status"],
        "sequence_length": stored["sequence_length"],
        "state": item["Item"]["state"]["S"],
        "endpoint_status": described["EndpointStatus"],
        "created": described["CreationTime"].isoformat(),
        "functions": [found["FunctionName"] for found in listed],
        "refusal": refusal,
        "missing": missing,
    }
    print(json.dumps(answers))


if __name__ == "__main__":
    main(*sys.argv[1:])

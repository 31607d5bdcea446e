"""The yardstick of the tools' cold start: a Lambda handler in Python and boto3 that makes the same calls."""

import hashlib
import json
import os
import uuid
from datetime import datetime, timezone
from typing import Any

import boto3  # type: ignore[import-untyped]
from botocore.config import Config  # type: ignore[import-untyped]

_CONFIG = Config(connect_timeout=1, read_timeout=4, retries={"max_attempts": 3, "mode": "standard"})
_S3 = boto3.client("s3", config=_CONFIG)
_DYNAMODB = boto3.client("dynamodb", config=_CONFIG)
_SAGEMAKER = boto3.client("sagemaker", config=_CONFIG)
_RUNTIME = boto3.client("sagemaker-runtime", config=_CONFIG)

_TABLE = os.environ["JOB_TABLE_NAME"]
_BUCKET = os.environ["BUCKET_NAME"]
_ENDPOINT = os.environ["ENDPOINT_NAME"]


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Submits one protein as `invoke_endpoint` does: seven calls, in the same order."""
    sequence = "".join(event["sequence"].split()).upper()
    digest = hashlib.sha256(sequence.encode()).hexdigest()
    output_id = str(uuid.UUID(digest[:32]))
    key = {"output_id": {"S": output_id}}
    _DYNAMODB.get_item(TableName=_TABLE, Key=key, ConsistentRead=True)
    input_key = f"async-inference-input/{output_id}.json"
    body = json.dumps({"sequence": sequence, "scoring": "masked-marginals"})
    _S3.put_object(Bucket=_BUCKET, Key=input_key, Body=body.encode(), ContentType="application/json")
    submitted_at = datetime.now(timezone.utc).isoformat()
    item = {
        **key,
        "state": {"S": "submitting"},
        "submitted_at": {"S": submitted_at},
        "attempt": {"N": "1"},
        "sequence_sha256": {"S": digest},
        "sequence_length": {"N": str(len(sequence))},
    }
    _DYNAMODB.put_item(TableName=_TABLE, Item=item, ConditionExpression="attribute_not_exists(output_id)")
    accepted = _RUNTIME.invoke_endpoint_async(
        EndpointName=_ENDPOINT,
        InputLocation=f"s3://{_BUCKET}/{input_key}",
        ContentType="application/json",
        InferenceId=f"{output_id}.1",
    )
    _DYNAMODB.update_item(
        TableName=_TABLE,
        Key=key,
        UpdateExpression="SET #state = :state, #output_location = :output_location",
        ConditionExpression="attempt = :attempt",
        ExpressionAttributeNames={"#state": "state", "#output_location": "output_location"},
        ExpressionAttributeValues={
            ":state": {"S": "in_progress"},
            ":output_location": {"S": accepted["OutputLocation"]},
            ":attempt": {"N": "1"},
        },
        ReturnValues="ALL_NEW",
    )
    endpoint = _SAGEMAKER.describe_endpoint(EndpointName=_ENDPOINT)
    ahead = _DYNAMODB.query(
        TableName=_TABLE,
        IndexName="by-state",
        KeyConditionExpression="#state = :state AND submitted_at < :before",
        ExpressionAttributeNames={"#state": "state"},
        ExpressionAttributeValues={":state": {"S": "in_progress"}, ":before": {"S": submitted_at}},
        Select="COUNT",
    )
    running = ahead["Count"] < endpoint["ProductionVariants"][0]["CurrentInstanceCount"]
    return {"success": True, "data": {"output_id": output_id, "phase": "running" if running else "queued"}}

#!/usr/bin/env python3
"""Scores one protein at the SageMaker endpoint itself, without the tools.

The tools are the better way: they check the input, know equal requests, keep a ledger and try again. This shows what
is below them: a request in S3, InvokeEndpointAsync, and the object that SageMaker writes.
"""

import argparse
import json
import sys
import time
import uuid
from typing import Any

import boto3
from botocore.exceptions import ClientError
from vep_tools import explain_scores

EXAMPLES = """examples:
  invoke_endpoint.py --bucket "$(pulumi stack output s3BucketName)" --sequence MKTVRQERLK
  invoke_endpoint.py --bucket my-bucket --endpoint dev-protein-agent-endpoint --sequence MKTVRQERLK --max-attempts 600
"""

SHOWN = 10


def find_endpoint(name: str | None) -> str:
    """The endpoint's name: the one given, or the only one of the account and region."""
    if name is not None:
        return name
    found = [item["EndpointName"] for item in boto3.client("sagemaker").list_endpoints()["Endpoints"]]
    if len(found) != 1:
        raise SystemExit(f"There are {len(found)} endpoints; name one with --endpoint.")
    return str(found[0])


def read_when_written(locations: tuple[str, str], max_attempts: int, poll_interval: float) -> tuple[str, str] | None:
    """The first object of these addresses that exists, with its content; None if none came in time."""
    s3 = boto3.client("s3")
    for _ in range(max_attempts):
        for location in locations:
            bucket, key = location.removeprefix("s3://").split("/", 1)
            try:
                return location, s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()
            except ClientError as error:
                # Without s3:ListBucket, S3 answers 403 for an object that does not exist.
                if error.response["Error"]["Code"] not in ("NoSuchKey", "AccessDenied"):
                    raise
        time.sleep(poll_interval)
    return None


def print_best(result: dict[str, Any]) -> None:
    """Prints the variants with the highest llr."""
    cells = [
        (llr, f"{wild_type}{column + 1 + result['numbering_offset']}{mutant}")
        for mutant, row in zip(result["amino_acids"], result["heatmap"], strict=True)
        for column, (llr, wild_type) in enumerate(zip(row, result["sequence"], strict=True))
        if llr is not None and mutant != wild_type
    ]
    for llr, variant in sorted(cells, reverse=True)[:SHOWN]:
        print(f"{variant}\t{llr}")


def main() -> int:
    """Exit code 0 where the protein was scored, 1 where it was not."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sequence", required=True, help="one protein, plain or FASTA")
    parser.add_argument("--bucket", required=True, help="bucket of the stack, its output s3BucketName")
    parser.add_argument("--endpoint", help="name of the endpoint; default: the only one of the account and region")
    parser.add_argument("--max-attempts", type=int, default=360, help="number of times to look (default: 360)")
    parser.add_argument("--poll-interval", type=float, default=5, help="seconds between two times (default: 5)")
    args = parser.parse_args()
    key = f"async-inference-input/examples/{uuid.uuid4()}.json"
    boto3.client("s3").put_object(Bucket=args.bucket, Key=key, Body=json.dumps({"sequence": args.sequence}))
    answer = boto3.client("sagemaker-runtime").invoke_endpoint_async(
        EndpointName=find_endpoint(args.endpoint),
        InputLocation=f"s3://{args.bucket}/{key}",
        ContentType="application/json",
    )
    locations = (answer["OutputLocation"], answer["FailureLocation"])
    found = read_when_written(locations, args.max_attempts, args.poll_interval)
    if found is None:
        print(f"Nothing came in time; look later at {answer['OutputLocation']}", file=sys.stderr)
        return 1
    location, text = found
    if location == answer["FailureLocation"]:
        print(text, file=sys.stderr)
        return 1
    result = json.loads(text)
    print_best(result)
    explain_scores(result["model"]["weights"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

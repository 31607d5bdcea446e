#!/usr/bin/env python3
"""Scores one protein through the tools' function: submits it, waits, and prints the best and worst variants."""

import argparse
import json
import sys
from pathlib import Path

from vep_tools import ToolError, Tools, explain_scores, find_function

EXAMPLES = """examples:
  invoke_lambda.py --sequence MKTVRQERLKSIVRILERSKEPVSGAQLAEELSVSRQVIVQDIAYLRSLGYNIVATPRGYVLAGG
  invoke_lambda.py --sequence MKTVRQERLK --variants 'K2A;T3V' --out result.json --poll-interval 10
"""


def main() -> int:
    """Exit code 0 where the protein was scored, 1 where it was not."""
    parser = argparse.ArgumentParser(
        description=__doc__, epilog=EXAMPLES, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--sequence", required=True, help="one protein, plain or FASTA")
    parser.add_argument("--function", help="name of the tools' function; default: the one with async-endpoint")
    parser.add_argument("--name", help="your name of the protein")
    parser.add_argument("--variants", help="only for these, such as K10A or K10A;L12V, joined with commas")
    parser.add_argument("--scoring", choices=["masked-marginals", "wt-marginals"], default="masked-marginals")
    parser.add_argument("--max-attempts", type=int, default=120, help="number of times to ask (default: 120)")
    parser.add_argument("--poll-interval", type=float, help="seconds between two times (default: what the tool says)")
    parser.add_argument("--out", type=Path, help="file for the whole answer")
    args = parser.parse_args()
    optional = {name: getattr(args, name) for name in ("name", "variants") if getattr(args, name) is not None}
    try:
        tools = Tools(find_function(args.function))
        job = tools.call("invoke_endpoint", sequence=args.sequence, scoring=args.scoring, **optional)
        print(f"Job {job['output_id']}: {job['status']}", file=sys.stderr)
        answer = tools.wait(job["output_id"], args.max_attempts, args.poll_interval)
    except ToolError as error:
        print(error, file=sys.stderr)
        return 1
    if args.out is not None:
        args.out.write_text(json.dumps(answer))
    if answer["status"] != "completed":
        print(f"{answer['status']}: {answer.get('reason')} (at {answer.get('failure_time')})", file=sys.stderr)
        return 1
    result = answer["results"]
    shown = result["variants"] or [*result["best"], *result["worst"]]
    for variant in shown:
        print(f"{variant['hgvs']}\t{variant['score']}")
    explain_scores(result["model"]["weights"])
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The commands. Each imports what it needs: `describe` must not wait seconds for PyTorch."""

import argparse
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from amplify_vep.errors import ErrorCode, InputError, UsageError

if TYPE_CHECKING:
    from amplify_vep.scorer import Scorer

MODEL_VARIABLE = "AMPLIFY_MODEL_DIR"
PORT_VARIABLE = "SAGEMAKER_BIND_TO_PORT"
DEFAULT_PORT = 8080


def _model(options: argparse.Namespace) -> str:
    """The given model; the checked copy of its folder if the environment names deployed weights."""
    model = options.model or os.environ.get(MODEL_VARIABLE)
    if not model:
        message = f"No model is given: use --model DIR_OR_ID or set {MODEL_VARIABLE}."
        raise UsageError(ErrorCode.USAGE, message)
    from amplify_vep.hub.manifest import deployed, verified  # noqa: PLC0415

    expected = deployed()
    return str(verified(Path(model), expected) if expected else model)


def serve(options: argparse.Namespace) -> int:
    """Serves until SIGTERM or SIGINT."""
    from amplify_vep.server import run  # noqa: PLC0415
    from amplify_vep.server.settings import settings_from_environment  # noqa: PLC0415

    port = options.port
    if port is None:
        text = os.environ.get(PORT_VARIABLE, str(DEFAULT_PORT))
        if not text.isdecimal():
            raise UsageError(ErrorCode.USAGE, f"{PORT_VARIABLE}={text!r} is not a port number.")
        port = int(text)
    host = options.host or os.environ.get("AMPLIFY_HOST")
    given = {"dtype": options.dtype, "compile": options.compile}
    return run.serve(settings_from_environment(model=_model(options), host=host, port=port, **given))


def score(options: argparse.Namespace) -> int:
    """Scores one protein, or a file of many."""
    if (options.sequence is None) == (options.fasta is None):
        raise UsageError(ErrorCode.USAGE, "Give either a FASTA file or --sequence, not both.")
    return _score_one(options) if options.fasta is None else _score_many(options)


def _how(options: argparse.Namespace) -> tuple[str | None, str]:
    """The precision and the compile mode: from the options, else from the environment."""
    dtype = options.dtype or os.environ.get("AMPLIFY_DTYPE")
    return dtype, options.compile or os.environ.get("AMPLIFY_COMPILE") or "off"


def _score_one(options: argparse.Namespace) -> int:
    from amplify_vep.scoring.request import parse_request  # noqa: PLC0415
    from amplify_vep.scoring.result import encode_result  # noqa: PLC0415

    fields = ("sequence", "scoring", "variants", "positions", "joint", "numbering_offset")
    if options.out.is_dir():
        raise UsageError(ErrorCode.USAGE, f"{options.out} is a folder; with --sequence, --out must be a file.")
    request = parse_request({name: getattr(options, name) for name in fields})
    from amplify_vep.scorer import Scorer  # noqa: PLC0415 - after the request, so that a bad one fails at once

    dtype, compiling = _how(options)
    scorer = Scorer.load(_model(options), dtype=dtype or "auto", compiling=compiling)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    options.out.write_bytes(encode_result(scorer.score_request(request)))
    return 0


def _score_many(options: argparse.Namespace) -> int:
    if options.variants or options.joint:
        raise UsageError(ErrorCode.USAGE, "--variants and --joint need one protein: use --sequence.")
    if not options.fasta.is_file():
        raise UsageError(ErrorCode.USAGE, f"{options.fasta} is not a file.")
    from amplify_vep.checkpoint.provenance import identify  # noqa: PLC0415
    from amplify_vep.hub.source import find_model  # noqa: PLC0415
    from amplify_vep.score_file import score_file  # noqa: PLC0415

    if options.out.exists() and not options.out.is_dir():
        raise UsageError(ErrorCode.USAGE, f"{options.out} is a file; with a FASTA file, --out must be a folder.")
    folder = find_model(_model(options))
    dtype, compiling = _how(options)

    def load() -> "Scorer":
        from amplify_vep.scorer import Scorer  # noqa: PLC0415 - not needed if all results exist

        return Scorer.load(folder, dtype or "auto", compiling=compiling)

    shared = {name: getattr(options, name) for name in ("scoring", "positions", "numbering_offset")}
    tally = score_file(
        options.fasta, options.out, shared, identify(folder), load, dtype=None if dtype == "auto" else dtype
    )
    for name, reason in tally.skipped.items():
        print(f"amplify-vep: skipped {name}: {reason}", file=sys.stderr)
    print(f"{tally.scored} scored, {tally.already} already there, {len(tally.skipped)} skipped", file=sys.stderr)
    return InputError.exit_code if tally.skipped else 0


def download(options: argparse.Namespace) -> int:
    """Downloads and verifies a checkpoint."""
    from amplify_vep.hub import download as hub  # noqa: PLC0415

    print(hub.download(options.model, options.revision, options.folder))
    return 0


def prove(options: argparse.Namespace) -> int:
    """Verifies a downloaded checkpoint."""
    from amplify_vep.hub import download as hub  # noqa: PLC0415

    print(hub.prove(options.folder))
    return 0


def synthesize(options: argparse.Namespace) -> int:
    """Writes a synthetic checkpoint."""
    from amplify_vep.checkpoint import synthesize as synthetic  # noqa: PLC0415

    synthetic.synthesize(options.folder, options.seed, options.shape)
    return 0


def describe(options: argparse.Namespace) -> int:
    """Prints the identity of a checkpoint as JSON."""
    from amplify_vep.checkpoint.provenance import identify  # noqa: PLC0415
    from amplify_vep.hub.source import find_model  # noqa: PLC0415

    print(json.dumps(identify(find_model(_model(options))).to_json()))
    return 0

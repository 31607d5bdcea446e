"""Scores a FASTA file of many proteins. It can be resumed, and a bad record does not stop the others."""

import csv
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tqdm import tqdm

from amplify_vep.checkpoint.provenance import ModelIdentity
from amplify_vep.errors import AmplifyError, ErrorCode, InputError
from amplify_vep.protein.alphabet import AMINO_ACIDS, hgvs_label
from amplify_vep.protein.fasta import read_fasta
from amplify_vep.scoring.engine import Batch, Passed
from amplify_vep.scoring.request import ScoreRequest, Scoring, parse_request
from amplify_vep.scoring.result import SCHEMA_VERSION, encode_result
from amplify_vep.scoring.steps import finish

if TYPE_CHECKING:
    from amplify_vep.scorer import Scorer

COLUMNS = ("position", "wild_type", "mutant", "hgvs", "llr", "percentile")
"""Columns of the CSV files."""

_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_STEM = 100


@dataclass
class Tally:
    """Counts of the records in a file.

    Attributes:
        scored: number of records that were scored now.
        already: number of records that already had a result.
        skipped: reason for each record that was skipped, by file name.

    """

    scored: int = 0
    already: int = 0
    skipped: dict[str, str] = field(default_factory=dict)


def score_file(
    fasta: Path,
    folder: Path,
    options: Mapping[str, Any],
    identity: ModelIdentity,
    load: Callable[[], "Scorer"],
    *,
    dtype: str | None = None,
) -> Tally:
    """Scores every record of a FASTA file into `<name>.json` and `<name>.csv`.

    A record is not scored again if its result exists for the same sequence, options, weights and code.

    Args:
        fasta: the FASTA file.
        folder: folder for the results; created if it does not exist.
        options: options of every request, such as `scoring` and `positions`.
        identity: identity of the model.
        load: loads the model; called once, and only if there is something to score.
        dtype: precision of existing results that are kept; None (default) for any.

    Raises:
        InputError: EMPTY_SEQUENCE if the file has no record.

    """
    tally = Tally()
    requests = _read_requests(fasta, options, tally)
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {
        stem: request for stem, request in requests.items() if not _is_done(folder / stem, request, identity, dtype)
    }
    tally.already = len(requests) - len(wanted)
    if not wanted:
        return tally
    scorer = load()
    positions = sum(len(request.scored_columns()) for request in wanted.values())
    # A masked copy is read at one position, an unmasked copy at many.
    unit = " copies" if options.get("scoring") != Scoring.WT_MARGINALS.value else " positions"
    with tqdm(total=positions, unit=unit, file=sys.stderr, dynamic_ncols=True) as bar:
        for done, (stem, request) in enumerate(wanted.items()):
            bar.set_description(f"{done}/{len(wanted)} proteins")
            try:
                _score_one(scorer, request, folder / stem, bar)
                tally.scored += 1
            except AmplifyError as error:
                tally.skipped[stem] = f"{error.code.value}: {error.message}"
        bar.set_description(f"{tally.scored}/{len(wanted)} proteins")
    return tally


def write_csv(result: Mapping[str, Any], path: Path) -> None:
    """Writes one line with `COLUMNS` for every scored substitution of a result, sorted by position."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        writer.writerows(_lines(result))


def _read_requests(fasta: Path, options: Mapping[str, Any], tally: Tally) -> dict[str, ScoreRequest]:
    # errors="replace": a header in another encoding must not stop the other records.
    records = list(read_fasta(fasta.read_text(encoding="utf-8-sig", errors="replace")))
    if not records:
        raise InputError(ErrorCode.EMPTY_SEQUENCE, f"{fasta.name} has no record; name a FASTA file.")
    requests: dict[str, ScoreRequest] = {}
    taken: set[str] = set()
    for record in records:
        stem = _free_stem(record.name, taken)
        try:
            requests[stem] = parse_request({"sequence": record.sequence, "name": record.name[:200], **options})
        except AmplifyError as error:
            tally.skipped[stem] = f"{error.code.value}: {error.message}"
    return requests


def _free_stem(name: str, taken: set[str]) -> str:
    """A file name without extension: the record's name with safe characters, and a number if it is already taken."""
    plain = _UNSAFE.sub("_", name).strip("._-")[:_LONGEST_STEM] or "record"
    stem, number = plain, 1
    # Some file systems do not distinguish upper and lower case.
    while stem.lower() in taken:
        number += 1
        stem = f"{plain}-{number}"
    taken.add(stem.lower())
    return stem


def _is_done(stem: Path, request: ScoreRequest, identity: ModelIdentity, dtype: str | None) -> bool:
    try:
        result = json.loads(stem.with_name(f"{stem.name}.json").read_bytes())
        model = result["model"]
        scored = [column for column, residue in enumerate(result["top_residue"]) if residue is not None]
        found = (result["schema_version"], result["sequence"], result["scoring"], result["numbering_offset"])
        by = (model["weights_sha256"], model["package_version"], model["dtype"])
    except (OSError, ValueError, KeyError, TypeError):
        return False
    wanted = (SCHEMA_VERSION, request.sequence, request.scoring.value, request.numbering_offset)
    by_wanted = (identity.weights_sha256, identity.package_version, dtype or by[2])
    is_whole = scored == request.scored_columns() and stem.with_name(f"{stem.name}.csv").is_file()
    return (found, by) == (wanted, by_wanted) and is_whole


def _score_one(scorer: "Scorer", request: ScoreRequest, stem: Path, bar: "tqdm[Any]") -> None:
    def run(batch: Batch) -> Passed:
        passed = scorer.engine.run(batch)
        bar.update(batch.reads.size)
        return passed

    result = finish(scorer.steps(request), run)()
    done, table = (stem.with_name(f"{stem.name}.{ending}") for ending in ("json", "csv"))
    # The JSON last, in one step: if it exists, both files exist and agree.
    done.unlink(missing_ok=True)
    write_csv(result, table)
    partial = stem.with_name(f".{stem.name}.json.partial")
    partial.write_bytes(encode_result(result))
    partial.replace(done)


def _lines(result: Mapping[str, Any]) -> Iterator[tuple[Any, ...]]:
    for column, wild_type in enumerate(result["sequence"]):
        position = column + 1 + result["numbering_offset"]
        for row, mutant in enumerate(AMINO_ACIDS):
            llr = result["heatmap"][row][column]
            if llr is not None and mutant != wild_type:
                percentile = result["percentiles"][row][column]
                yield position, wild_type, mutant, hgvs_label(wild_type, position, mutant), llr, percentile

"""`amplify-vep score proteins.fasta`: it can be resumed, and a bad record does not stop the others."""

import csv
import json
from pathlib import Path

import pytest

from amplify_vep.scorer import Scorer
from tests.support.command import run
from tests.support.proteins import DEMO


def test_scores_a_file_of_proteins_and_skips_bad_records(
    checkpoint: Path, fasta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    code = run("score", fasta, "-o", out, "--model", checkpoint, "--dtype", "float32")

    errors = capsys.readouterr().err
    assert code == 65
    assert "skipped bad: INVALID_RESIDUE" in errors
    assert "3 scored, 0 already there, 1 skipped" in errors
    names = {file.name for file in out.iterdir()}
    assert names == {f"{stem}.{ending}" for stem in ("one", "one-2", "etc_pass") for ending in ("json", "csv")}
    assert json.loads((out / "one-2.json").read_text())["sequence"] == "MKTVRQ"


def test_the_csv_holds_every_scored_substitution(checkpoint: Path, fasta: Path, tmp_path: Path) -> None:
    run("score", fasta, "-o", tmp_path / "out", "--model", checkpoint, "--positions", "2-3", "--dtype", "float32",
        "--numbering-offset", 1)  # fmt: skip

    with (tmp_path / "out/one.csv").open(newline="") as file:
        lines = list(csv.DictReader(file))
    result = json.loads((tmp_path / "out/one.json").read_text())
    assert len(lines) == 2 * 19
    assert lines[0]["hgvs"] == "p.Met2Ala"
    assert float(lines[0]["llr"]) == result["heatmap"][0][0]
    assert float(lines[0]["percentile"]) == result["percentiles"][0][0]


def test_resumes_where_it_stopped(
    checkpoint: Path, short_checkpoint: Path, fasta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    run("score", fasta, "-o", out, "--model", checkpoint, "--dtype", "float32")
    (out / "one-2.json").write_text('{"sequence": "MK')
    kept = (out / "one.json").stat().st_mtime_ns

    run("score", fasta, "-o", out, "--model", checkpoint, "--dtype", "float32")
    again = capsys.readouterr().err
    run("score", fasta, "-o", out, "--model", checkpoint, "--dtype", "float32", "--positions", "1")
    other_positions = capsys.readouterr().err
    run("score", fasta, "-o", out, "--model", short_checkpoint, "--dtype", "float32", "--positions", "1")
    other_model = capsys.readouterr().err

    assert "1 scored, 2 already there, 1 skipped" in again
    assert json.loads((out / "one-2.json").read_text())["sequence"] == "MKTVRQ"
    assert "3 scored, 0 already there" in other_positions
    assert "3 scored, 0 already there" in other_model
    assert (out / "one.json").stat().st_mtime_ns > kept


def test_what_was_scored_in_another_precision_or_by_other_code_is_scored_again(
    checkpoint: Path,
    fasta: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def summary(dtype: str) -> str:
        capsys.readouterr()
        run("score", fasta, "-o", tmp_path / "out", "--model", checkpoint, "--dtype", dtype)
        return capsys.readouterr().err

    fasta.write_text(">p\nMKT\n")

    assert "1 scored, 0 already there" in summary("float32")
    assert "0 scored, 1 already there" in summary("auto")
    assert "1 scored, 0 already there" in summary("bfloat16")
    monkeypatch.setattr("amplify_vep.checkpoint.provenance.__version__", "99.0")
    assert "1 scored, 0 already there" in summary("bfloat16")


def test_a_table_that_is_gone_is_written_again(checkpoint: Path, fasta: Path, tmp_path: Path) -> None:
    for _ in range(2):
        run("score", fasta, "-o", tmp_path / "out", "--model", checkpoint, "--dtype", "float32")
        assert (tmp_path / "out/one.csv").is_file()
        (tmp_path / "out/one.csv").unlink()


def test_results_and_tables_agree_after_an_interruption(
    checkpoint: Path, fasta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fasta.write_text(">p\nMKTVRQ\n")
    arguments = ("score", fasta, "-o", tmp_path / "out", "--model", checkpoint, "--dtype", "float32")
    run(*arguments, "--positions", "1-3")

    def interrupted(result: object) -> bytes:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr("amplify_vep.score_file.encode_result", interrupted)
        run(*arguments, "--positions", "4-6")
    run(*arguments, "--positions", "1-3")

    assert (tmp_path / "out/p.csv").read_text().splitlines()[1].startswith("1,M,")


def test_one_record_that_is_no_text_stops_no_other(checkpoint: Path, fasta: Path, tmp_path: Path) -> None:
    fasta.write_bytes(b">Schr\xf6dinger cat\nMKT\n>b\xe2\x80\xa8c d\nMKV\n>-rf\nMKA\n>zip\nM\x1f\x8b\n")

    code = run("score", fasta, "-o", tmp_path / "out", "--model", checkpoint, "--dtype", "float32")

    sequences = {file.stem: json.loads(file.read_text())["sequence"] for file in (tmp_path / "out").glob("*.json")}
    assert code == 65
    assert sequences == {"Schr_dinger": "MKT", "b": "MKV", "rf": "MKA"}


def test_progress_reaches_its_end_in_both_scorings(
    checkpoint: Path, fasta: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fasta.write_text(f">p\n{DEMO}\n")

    for scoring, unit in (("wt-marginals", "positions"), ("masked-marginals", "copies")):
        run("score", fasta, "-o", tmp_path / scoring, "--model", checkpoint, "--dtype", "float32", "--scoring", scoring)
        last = capsys.readouterr().err.split("\r")[-1]
        assert f"{len(DEMO)}/{len(DEMO)}" in last and unit in last


def test_a_finished_file_needs_no_model(
    checkpoint: Path, fasta: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fasta.write_text(">p\nMKT\n")
    arguments = ("score", fasta, "-o", tmp_path / "out", "--model", checkpoint)
    assert run(*arguments) == 0
    monkeypatch.setattr(Scorer, "load", lambda *given, **more: pytest.fail("loaded"))

    assert run(*arguments) == 0


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00"])
def test_a_file_without_proteins_is_reported(checkpoint: Path, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "nothing.fasta"
    path.write_bytes(content)

    assert run("score", path, "-o", tmp_path / "out", "--model", checkpoint) == 65

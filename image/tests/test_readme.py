"""The example in the README runs, and its settings are those in the code."""

import re
from dataclasses import fields
from pathlib import Path

from amplify_vep.scorer import Scorer
from amplify_vep.server.settings import PREFIX, Settings

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_library_example_runs_in_five_lines(checkpoint: Path, capsys: object) -> None:
    example = re.findall(r"```python\n(.*?)```", README, re.DOTALL)[0]
    assert len([line for line in example.splitlines() if line]) <= 5

    names: dict[str, object] = {}
    exec(example.replace("chandar-lab/AMPLIFY_120M", str(checkpoint)), names)  # noqa: S102 - our own example

    assert isinstance(names["scorer"], Scorer)
    result = names["result"]
    assert isinstance(result, dict)
    assert [variant["hgvs"] for variant in result["variants"]] == [
        "p.Lys2Ala",
        "p.Thr3Val",
        "p.[Lys2Ala;Thr3Val]",
    ]


def test_every_setting_is_in_the_readme() -> None:
    documented = set(re.findall(r"`(AMPLIFY_\w+)`", README))

    settings = {PREFIX + field.name.upper() for field in fields(Settings) if field.name not in ("model", "port")}
    assert settings <= documented

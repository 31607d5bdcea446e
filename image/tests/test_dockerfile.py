"""The Dockerfile follows SageMaker's contract, and its layer order makes code changes cheap."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from dockerfile_parse import DockerfileParser

IMAGE = Path(__file__).parents[1]
Instruction = dict[str, str]


@pytest.fixture(scope="module")
def stages() -> dict[str, list[Instruction]]:
    """Instructions by stage."""
    parser = DockerfileParser(path=str(IMAGE / "Dockerfile"))
    found: dict[str, list[Instruction]] = {"": []}
    name = ""
    for instruction in parser.structure:
        if instruction["instruction"] == "FROM":
            name = instruction["value"].split(" AS ")[1]
            found[name] = []
        found[name].append(instruction)
    return found


def values(stage: list[Instruction], instruction: str) -> list[str]:
    return [line["value"] for line in stage if line["instruction"] == instruction]


def index_of(stage: list[Instruction], text: str) -> int:
    return next(index for index, line in enumerate(stage) if text in line["value"])


def test_sagemaker_starts_it_with_serve_in_exec_form(stages: dict[str, list[Instruction]]) -> None:
    runtime = stages["runtime"]

    assert values(runtime, "ENTRYPOINT") == ['["amplify-vep"]']
    assert values(runtime, "CMD") == ['["serve"]']
    assert values(runtime, "EXPOSE") == ["8080"]
    assert list(stages)[-1] == "runtime"


def test_every_base_is_linux_amd64(stages: dict[str, list[Instruction]]) -> None:
    bases = [values(stage, "FROM")[0] for name, stage in stages.items() if name]

    outside = [base for base in bases if not base.startswith("requirements ")]
    assert outside
    assert all(base.startswith("--platform=linux/amd64 ") for base in outside)


def test_the_base_is_the_same_in_every_build(stages: dict[str, list[Instruction]]) -> None:
    (base,) = values(stages[""], "ARG")

    assert re.fullmatch(
        r"PYTHON_IMAGE=public\.ecr\.aws/docker/library/python:3\.12\.\d+-slim-bookworm@sha256:[0-9a-f]{64}", base
    )


@pytest.mark.parametrize(("mode", "installs"), [("off", False), ("on", True)])
def test_a_compiler_is_there_only_where_the_model_is_to_compile(
    stages: dict[str, list[Instruction]], tmp_path: Path, mode: str, installs: bool
) -> None:
    runtime = stages["runtime"]
    assert "COMPILE=off" in values(runtime, "ARG")
    assert "AMPLIFY_COMPILE=${COMPILE}" in values(runtime, "ENV")
    (step,) = [value for value in values(runtime, "RUN") if "apt-get" in value]
    for name in ("apt-get", "rm"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (tmp_path / name).chmod(0o755)

    done = subprocess.run(
        ["/bin/sh", "-ec", step],
        env={"PATH": str(tmp_path), "COMPILE": mode},
        capture_output=True,
        text=True,
        check=True,
    )

    assert ("apt-get install -y --no-install-recommends g++" in done.stdout) == installs
    assert bool(done.stdout) == installs


@pytest.mark.parametrize(("mode", "kept"), [("off", False), ("on", True)])
def test_what_nothing_loads_is_removed(
    stages: dict[str, list[Instruction]], tmp_path: Path, mode: str, kept: bool
) -> None:
    (step,) = [value for value in values(stages["requirements"], "RUN") if "triton" in value]
    installed = step.split()[1]
    library = tmp_path / "cu13/lib"
    library.mkdir(parents=True)
    names = ["libnvrtc.so.13", "libnvrtc-builtins.so.13.0", "libcusolver.so.12", "libcublas.so.13"]
    unused = ["libnvrtc.alt.so.13", "libnvrtc-builtins.alt.so.13.0", "libcusolverMg.so.12", "libnvperf_host.so", "x.a"]
    for name in names + unused:
        (library / name).touch()
    (tmp_path / "pip").write_text('#!/bin/sh\necho pip "$@"\n')
    (tmp_path / "pip").chmod(0o755)

    done = subprocess.run(
        ["/bin/sh", "-ec", step.replace(installed, str(tmp_path))],
        env={"PATH": f"{tmp_path}:/usr/bin:/bin", "COMPILE": mode},
        capture_output=True,
        text=True,
        check=True,
    )

    assert installed == "/opt/amplify/venv/lib/python3.*/site-packages/nvidia"
    assert {path.name for path in library.iterdir()} == set(names)
    assert ("triton" not in done.stdout) == kept


def test_pytorch_scores_without_triton(checkpoint: Path) -> None:
    program = f"""
import sys
sys.modules["triton"] = None
from amplify_vep.scorer import Scorer
assert Scorer.load({str(checkpoint)!r}, device="cpu").score("MKTV")["heatmap"]
"""

    subprocess.run([sys.executable, "-c", program], check=True)


def test_the_model_is_a_build_argument_and_its_place_is_never_mounted_over(
    stages: dict[str, list[Instruction]],
) -> None:
    arguments = [value.split("=")[0] for value in values(stages["weights"], "ARG")]
    everything = " ".join(
        line["value"] for stage in stages.values() for line in stage if line["instruction"] != "COMMENT"
    )

    assert arguments == ["MODEL_ID", "MODEL_REVISION"]
    assert "/opt/ml" not in everything
    assert any("AMPLIFY_MODEL_DIR=/opt/amplify/model" in value for value in values(stages["runtime"], "ENV"))


def test_no_network_and_no_root_at_run_time(stages: dict[str, list[Instruction]]) -> None:
    runtime = stages["runtime"]

    assert any("HF_HUB_OFFLINE=1" in value for value in values(runtime, "ENV"))
    assert values(runtime, "USER") == ["10001"]
    assert index_of(runtime, "10001") < index_of(runtime, '["amplify-vep"]')
    assert "trust_remote_code" not in (IMAGE / "Dockerfile").read_text()


def test_code_changes_neither_install_nor_fetch_again(stages: dict[str, list[Instruction]]) -> None:
    runtime = stages["runtime"]
    code = index_of(runtime, "src /opt/amplify/package/src")

    assert index_of(runtime, "--from=requirements") < code
    assert index_of(runtime, "--from=weights") < code
    assert values(stages["requirements"], "COPY") == ["requirements.txt /build/requirements.txt"]
    assert values(stages["weights"], "COPY") == ["src/amplify_vep/hub/fetch.py /build/fetch.py"]


def test_what_fetches_the_weights_needs_no_other_file_of_the_package() -> None:
    program = "import sys; sys.path[:] = [p for p in sys.path if 'src' not in p]; sys.modules['amplify_vep'] = None\n"
    source = (IMAGE / "src/amplify_vep/hub/fetch.py").read_text()

    checked = subprocess.run(
        [sys.executable, "-c", f"{program}exec(compile({source!r}, 'fetch.py', 'exec'), {{'__name__': 'fetch'}})"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert checked.returncode == 0, checked.stderr


def test_requirements_are_installed_by_hash_and_the_weights_are_proved(stages: dict[str, list[Instruction]]) -> None:
    assert any("--require-hashes" in value for value in values(stages["requirements"], "RUN"))
    (installs,) = [value for value in values(stages["runtime"], "RUN") if "/opt/amplify/package" in value]
    assert "amplify-vep prove /opt/amplify/model" in installs


@pytest.mark.parametrize("model", ["", "chandar-lab/AMPLIFY_120M"])
def test_an_image_without_a_model_neither_fetches_nor_proves_weights(
    stages: dict[str, list[Instruction]], tmp_path: Path, model: str
) -> None:
    for name in ("python", "pip", "mkdir", "rm", "amplify-vep"):
        (tmp_path / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (tmp_path / name).chmod(0o755)
    (fetches,) = [value for value in values(stages["weights"], "RUN") if "fetch.py" in value]
    (proves,) = [value for value in values(stages["runtime"], "RUN") if "prove" in value]

    done = [
        subprocess.run(
            ["/bin/sh", "-ec", step],
            env={"PATH": str(tmp_path), "MODEL_ID": model, "MODEL_REVISION": "main"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for step in (fetches, proves)
    ]

    assert "mkdir -p /opt/amplify/model" in done[0]
    assert (f"fetch.py {model} main" in done[0]) == bool(model)
    assert ("amplify-vep prove" in done[1]) == bool(model)


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"])
def test_locks_have_hashes_and_no_addresses(lock: str) -> None:
    text = (IMAGE / lock).read_text()
    pins = [line for line in text.splitlines() if line[:1].isalnum()]

    assert pins
    assert all("==" in pin and pin.endswith("\\") for pin in pins)
    assert "http" not in text.replace("httpx", "").replace("httpcore", "").replace("httptools", "")
    assert "--index-url" not in text


def test_the_context_holds_only_what_the_image_needs() -> None:
    lines = [line for line in (IMAGE / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")]

    assert lines[0] == "*"
    assert {line for line in lines if line.startswith("!")} == {"!requirements.txt", "!pyproject.toml", "!src"}


def test_a_linter_passes() -> None:
    linter = Path(sys.executable).with_name("hadolint")

    linted = subprocess.run([linter, IMAGE / "Dockerfile"], capture_output=True, text=True, check=False)

    assert linted.returncode == 0, linted.stdout

"""Downloads from a fake hub on loopback that implements the part of the protocol that the client uses."""

import hashlib
import json
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

COMMIT = "0123456789abcdef0123456789abcdef01234567"
MODEL = "somebody/AMPLIFY_tiny"


class Hub(ThreadingHTTPServer):
    """Serves one repository from a folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), HubHandler)
        self.folder = folder
        self.requests: list[str] = []


class HubHandler(BaseHTTPRequestHandler):
    server: Hub

    def do_HEAD(self) -> None:
        self._answer(with_body=False)

    def do_GET(self) -> None:
        self._answer(with_body=True)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        self.server.requests.append(self.path)

    def _answer(self, with_body: bool) -> None:
        path = self.path.split("?")[0]
        files = [file.name for file in self.server.folder.iterdir()]
        if path.startswith(f"/api/models/{MODEL}/tree/"):
            listing = [
                {"type": "file", "path": name, "size": (self.server.folder / name).stat().st_size, "oid": "0" * 40}
                for name in files
            ]
            self._send(json.dumps(listing).encode(), with_body)
        elif path in (f"/api/models/{MODEL}", *(f"/api/models/{MODEL}/revision/{name}" for name in ("main", COMMIT))):
            info = {"id": MODEL, "modelId": MODEL, "sha": COMMIT, "siblings": [{"rfilename": name} for name in files]}
            self._send(json.dumps(info).encode(), with_body)
        elif path.startswith(f"/{MODEL}/resolve/{COMMIT}/") and path.rsplit("/", 1)[1] in files:
            content = (self.server.folder / path.rsplit("/", 1)[1]).read_bytes()
            etag = hashlib.sha256(content).hexdigest()
            self._send(content, with_body, {"ETag": f'"{etag}"', "X-Repo-Commit": COMMIT})
        else:
            self._send(b"{}", with_body, {"X-Error-Code": "RepoNotFound"}, status=404)

    def _send(self, content: bytes, with_body: bool, headers: dict[str, str] | None = None, status: int = 200) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if with_body:
            self.wfile.write(content)


@pytest.fixture
def hub(checkpoint: Path, tmp_path: Path) -> Iterator[Hub]:
    folder = tmp_path / "hub"
    folder.mkdir()
    for name in ("config.json", "model.safetensors"):
        shutil.copy(checkpoint / name, folder)
    (folder / "amplify.py").write_text("raise SystemExit('remote code')")
    serving = Hub(folder)
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield serving
    serving.shutdown()
    serving.server_close()
    thread.join()


def run(address: str, cache: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    environment = {
        "HF_ENDPOINT": address,
        "HF_HOME": str(cache / "hf"),
        "AMPLIFY_CACHE_DIR": str(cache / "models"),
        "HF_HUB_DISABLE_XET": "1",
        "PATH": "",
    }
    command = [sys.executable, "-m", "amplify_vep", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=240)


def test_a_model_that_knows_no_protein_is_refused(hub: Hub, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{hub.server_port}"

    fetched = run(address, tmp_path, "download", str(tmp_path / "model"), "--model", MODEL)

    assert fetched.returncode == 78, fetched.stderr
    assert "MODEL_IMPLAUSIBLE" in fetched.stderr
    assert not any("amplify.py" in path for path in hub.requests)
    recorded = json.loads((tmp_path / "model/provenance.json").read_text())
    assert not (tmp_path / "model/gate.json").exists()
    assert (recorded["model_id"], recorded["revision"]) == (MODEL, COMMIT)
    assert "weights_sha256" not in recorded


def test_a_model_that_the_hub_does_not_have_is_reported(hub: Hub, tmp_path: Path) -> None:
    address = f"http://127.0.0.1:{hub.server_port}"

    missing = run(address, tmp_path, "download", str(tmp_path / "model"), "--model", "nobody/nothing")

    assert missing.returncode == 78
    assert "MODEL_NOT_FOUND" in missing.stderr


def test_a_hub_that_does_not_answer_has_its_own_exit_code(tmp_path: Path) -> None:
    unreachable = run("http://127.0.0.1:9", tmp_path, "describe", "--model", MODEL)

    assert unreachable.returncode == 69
    assert "HUB_UNREACHABLE" in unreachable.stderr


def test_what_was_fetched_once_is_used_while_the_hub_is_away(checkpoint: Path, tmp_path: Path) -> None:
    models = tmp_path / "models" / MODEL.replace("/", "--")
    shutil.copytree(checkpoint, models / COMMIT)
    (models / "refs").mkdir()
    (models / "refs/main").write_text(COMMIT)

    described = run("http://127.0.0.1:9", tmp_path, "describe", "--model", MODEL)

    assert described.returncode == 0, described.stderr
    assert json.loads(described.stdout)["weights"] == "synthetic"


def test_a_name_that_is_neither_a_folder_nor_a_hub_id_is_reported(tmp_path: Path) -> None:
    described = run("http://127.0.0.1:9", tmp_path, "describe", "--model", "./nowhere")

    assert described.returncode == 78
    assert "MODEL_NOT_FOUND" in described.stderr

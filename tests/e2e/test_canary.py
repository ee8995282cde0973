"""The search for secrets finds what it has to find."""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

import canary
import pytest


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What these tests find is no finding of the run."""
    hits: list[str] = []
    monkeypatch.setattr(canary, "hits", hits)
    return hits


@pytest.mark.parametrize("before", ["", "a", "ab", "abc"])
def test_in_a_file(found: list[str], before: str):
    secret = f"{before}{canary.secret('dapi-')}"
    for content in (secret.encode(), base64.b64encode(secret.encode())):
        found.clear()
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "deep").mkdir()
            (Path(name) / "deep" / "file").write_bytes(b"\0" + content + b"\n")
            (Path(name) / "other").write_bytes(b"nothing")
            canary.look_at_files(Path(name))
        assert len(found) == 1 and "deep/file" in found[0]


def test_in_a_process(found: list[str]):
    wait = "import sys; print(flush=True); sys.stdin.read()"
    for arguments, environ in ((["x", canary.secret()], {}), ([], {"TOKEN": canary.secret()})):
        found.clear()
        process = subprocess.Popen(
            [sys.executable, "-c", wait, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=environ,
        )
        process.stdout.readline()  # until it runs, the kernel may not tell its arguments
        canary.look_at_processes([process.pid])
        process.communicate()
        assert len(found) == 1, found


def test_nothing_where_nothing_is(found: list[str]):
    canary.look("here", b"canary" * 1000)
    assert not found

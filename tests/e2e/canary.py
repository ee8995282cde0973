"""Secrets that can be told wherever they turn up, and the search for them.

Each password and each token that a test enters is made by secret(). Whatever the run leaves
behind, or lets others read while it lasts, is searched for what all of them have in common;
conftest.py fails the run that holds one.
"""

import base64
import secrets
from collections.abc import Iterable
from pathlib import Path

MARK = f"canary{secrets.token_hex(8)}"
hits: list[str] = []


def forms(mark: str) -> list[bytes]:
    """As it is, and as Base64 has it wherever it stands in a longer text."""
    found = [mark.encode()]
    for before in range(3):
        text = base64.b64encode(b"x" * before + mark.encode())
        # The characters that others beside it have a part in are left out.
        found.append(text[(before * 8 + 5) // 6 : len(mark.encode() + b"x" * before) * 8 // 6])
    return found


FORMS = forms(MARK)


def secret(prefix: str = "") -> str:
    """One to be entered; long and random enough for a password."""
    return f"{prefix}{MARK}-{secrets.token_urlsafe(12)}"


def look(where: object, content: bytes) -> None:
    """Notes a hit where there is one."""
    if any(form in content for form in FORMS):
        hits.append(f"{where}: a secret that was entered")


def look_at_files(folder: Path) -> None:
    for path in folder.rglob("*"):
        try:
            if path.is_file() and not path.is_symlink():
                look(path, path.read_bytes())
        except FileNotFoundError:
            pass  # it was there a moment ago


def look_at_processes(pids: Iterable[int]) -> None:
    """What others on the machine may read of a process."""
    for pid in pids:
        for name in ("cmdline", "environ"):
            try:
                look(f"/proc/{pid}/{name}", Path(f"/proc/{pid}/{name}").read_bytes())
            except (FileNotFoundError, ProcessLookupError):
                pass

"""The units: well-formed, and shut off as far as the program allows."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from harness import TOP

UNITS = TOP / "systemd"
# How exposed each may be, of 10. What calls other servers has a network, and only the
# administrator knows their addresses: that alone is 0.9.
EXPOSURE = {"text2code-pages.service": 0.2, "text2code-calls.service": 1.1}

needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is missing (Debian: systemd)"
)


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The units as `make install` would write them, but with a program that exists."""
    for unit in UNITS.glob("text2code*"):
        text = unit.read_text()
        for word, value in {
            "@RUN@": "/run/text2code",
            "@CONF@": "/etc/text2code.conf",
            "@SBIN@/text2code-fcgi": "/bin/true",
        }.items():
            text = text.replace(word, value)
        assert not re.search("@[A-Z]+@", text)
        (tmp_path / unit.name).write_text(text)
    return tmp_path


def analyze(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "--no-pager", *arguments],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@needs_systemd
def test_units_are_well_formed(installed: Path):
    units = [f"./{unit.name}" for unit in installed.glob("text2code*")]
    assert len(units) == 5
    done = analyze("verify", *units, folder=installed)
    assert "text2code" not in done.stderr, done.stderr


@needs_systemd
@pytest.mark.parametrize("service", list(EXPOSURE))
def test_services_are_shut_off(installed: Path, service: str):
    done = analyze("security", "--offline=true", f"./{service}", folder=installed)
    found = re.search(r"exposure level for \S+: ([0-9.]+)", done.stdout)
    assert found, done.stdout + done.stderr
    assert float(found[1]) <= EXPOSURE[service], done.stdout


def test_pages_have_no_network():
    text = (UNITS / "text2code-pages.service").read_text()
    assert "\nPrivateNetwork=yes\n" in text
    assert "\nRestrictAddressFamilies=AF_UNIX\n" in text


def test_pages_open_no_tokens_and_calls_have_a_network():
    """The one can store tokens, the other can use them."""
    pages = (UNITS / "text2code-pages.service").read_text()
    calls = (UNITS / "text2code-calls.service").read_text()
    assert "\nInaccessiblePaths=-%S/text2code/seal.key\n" in pages
    assert "seal.key" not in calls
    assert "\nRestrictAddressFamilies=AF_UNIX AF_INET AF_INET6\n" in calls


def test_sockets_hand_over_what_the_program_looks_for():
    for pool in ("pages", "calls"):
        socket = (UNITS / f"text2code-{pool}.socket").read_text()
        service = (UNITS / f"text2code-{pool}.service").read_text()
        assert f"\nFileDescriptorName={pool}\n" in socket
        assert f"--pool {pool}\n" in service

"""The history page under load: the page is proved right, then wrk is let loose on it."""

import re
import shutil
import statistics
import subprocess
from dataclasses import dataclass, field
from typing import NamedTuple

from harness.browser import Browser, find_form
from harness.process import Trouble

HISTORY = "/generations"
ROWS = 25
CONNECTIONS = 50
UNITS = {"us": 1e-3, "ms": 1.0, "s": 1e3, "m": 6e4}
BYTES = {"B": 1, "KB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30}


class Sample(NamedTuple):
    """One round of wrk. Latencies are in milliseconds."""

    rps: float
    p50: float
    p99: float


@dataclass
class Site:
    """A server that answers `GET /generations` to this browser's session."""

    name: str
    browser: Browser
    samples: list[Sample] = field(default_factory=list)

    def median_rps(self) -> float:
        return statistics.median(sample.rps for sample in self.samples)

    def median_p99(self) -> float:
        return statistics.median(sample.p99 for sample in self.samples)


def verify(site: Site) -> int:
    """Makes sure the page is the history with its 25 rows; returns the answer's size in bytes."""
    page = site.browser.ask("GET", HISTORY)
    where = f"{site.name}: http://{site.browser.host}{HISTORY}"
    if page.status != 200 or page.path != HISTORY:
        raise Trouble(f"{where} answered {page.status} at {page.path}")
    linked = re.findall(rf'href="{HISTORY}/(\d+)"', page.body)
    ids = list(dict.fromkeys(map(int, linked)))
    if len(ids) != ROWS:
        raise Trouble(f"{where} shows {len(ids)} generations, not {ROWS}")
    if ids != sorted(ids, reverse=True):
        raise Trouble(f"{where} does not show the newest generation first")
    signout = find_form(page, "csrf")
    if signout is None or len(signout.fields["csrf"]) < 16:
        raise Trouble(f"{where} has no form with a CSRF token")
    return page.size


def measure(site: Site, seconds: int) -> Sample:
    """One round of wrk on a page that is proved right before and after."""
    size = verify(site)
    output = run_wrk(site, seconds)
    verify(site)
    sample, mean_size = read_wrk(site.name, output)
    # wrk takes a redirect for success, so the mean size must say that the page itself was served.
    if abs(mean_size - size) > max(0.05 * size, 200):
        raise Trouble(f"{site.name}: answers of {mean_size:.0f} bytes under load, not {size}")
    return sample


def run_wrk(site: Site, seconds: int) -> str:
    if shutil.which("wrk") is None:
        raise Trouble("wrk is missing: apt-get install wrk")
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
    command += ["-H", f"Cookie: {site.browser.cookie_header()}"]
    command.append(f"http://{site.browser.host}{HISTORY}")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"wrk failed on {site.name}: {done.stderr.strip()}")
    return done.stdout


def read_wrk(name: str, output: str) -> tuple[Sample, float]:
    """wrk's report as a sample and the mean size of an answer."""
    for trouble in ("Non-2xx or 3xx responses", "Socket errors"):
        if trouble in output:
            raise Trouble(f"{name} gave errors under load:\n{output}")
    rps = re.search(r"Requests/sec:\s+([\d.]+)", output)
    total = re.search(r"(\d+) requests in \S+, ([\d.]+)([KMG]?B) read", output)
    if rps is None or total is None:
        raise Trouble(f"cannot read wrk's report on {name}:\n{output}")
    mean_size = float(total[2]) * BYTES[total[3]] / max(int(total[1]), 1)
    return Sample(float(rps[1]), percentile(output, 50), percentile(output, 99)), mean_size


def percentile(output: str, rank: int) -> float:
    found = re.search(rf"^\s+{rank}%\s+([\d.]+)(us|ms|s|m)\s*$", output, re.MULTILINE)
    if found is None:
        raise Trouble(f"wrk's report has no {rank}th percentile:\n{output}")
    return float(found[1]) * UNITS[found[2]]

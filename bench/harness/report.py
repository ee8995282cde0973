"""Results and their table."""

from typing import NamedTuple


class Result(NamedTuple):
    """One bar and whether it is met. Figures are already formatted with their unit."""

    name: str
    ours: str
    peer: str
    ratio: str
    bar: str
    passed: bool

    def cells(self) -> tuple[str, ...]:
        return (*self[:5], "pass" if self.passed else "fail")


def at_least(name: str, ours: str, peer: str, ratio: float, bar: float) -> Result:
    """A result that is judged by how much better than the peer it is."""
    return Result(name, ours, peer, f"{ratio:.1f}x", f">= {bar:g}x", ratio >= bar)


def at_most(name: str, value: float, unit: str, bar: float, peer: float | None = None) -> Result:
    """A result that is judged by itself; the peer's figure is shown for comparison."""
    beside = "-" if peer is None else f"{peer:.2f} {unit}"
    ratio = "-" if peer is None else f"{peer / value:.1f}x"
    return Result(name, f"{value:.2f} {unit}", beside, ratio, f"<= {bar:g} {unit}", value <= bar)


def print_table(results: list[Result]) -> None:
    head = ("name", "ours", "peer", "ratio", "bar", "pass|fail")
    rows = [head, *(result.cells() for result in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        padded = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        print("  ".join(padded).rstrip())

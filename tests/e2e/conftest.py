"""Fixtures of the end-to-end tests."""

from pathlib import Path

import canary
import pytest

from browser import chromium  # noqa: F401 - a fixture, one for all files
from harness import Person, Site


@pytest.fixture(scope="session", autouse=True)
def no_secret_is_anywhere(tmp_path_factory: pytest.TempPathFactory):
    """The first of all fixtures, and so the last to end: nothing holds what was entered."""
    yield
    canary.look_at_files(Path(tmp_path_factory.getbasetemp()))
    assert not canary.hits, "\n".join(canary.hits)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory):
    """One site for all tests that leave it as they found it."""
    site = Site(tmp_path_factory.mktemp("site"))
    try:
        site.start()
        yield site
    finally:
        site.stop()


@pytest.fixture
def person(site: Site) -> Person:
    """Somebody who is signed in."""
    return site.person()


@pytest.fixture
def own_site(tmp_path, request: pytest.FixtureRequest):
    """A site to be damaged. @pytest.mark.settings(page_deadline_s=2) configures it."""
    marker = request.node.get_closest_marker("settings")
    site = Site(tmp_path, marker.kwargs if marker else None)
    try:
        site.start()
        yield site
    finally:
        site.stop()

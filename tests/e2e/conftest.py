"""Fixtures of the end-to-end tests."""

import pytest

from browser import chromium  # noqa: F401 - a fixture, one for all files
from harness import Person, Site


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

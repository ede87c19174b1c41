"""One analyzer for every test: the tables of concepts are made once for it."""

import pytest

from search.analysis.analyzer import Analyzer


@pytest.fixture(scope="session")
def analyzer() -> Analyzer:
    return Analyzer()

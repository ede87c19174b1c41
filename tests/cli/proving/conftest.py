"""One planted knowledge base for all proofs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from cli.proving.base import Base
from cli.proving.planting import planted_base


@pytest.fixture(scope="session")
def base(models_dir: Path) -> Iterator[Base]:
    with planted_base(models_dir=models_dir, quick=True) as planted:
        yield planted

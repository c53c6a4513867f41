"""What the tests of damaged and interrupted indexes share."""

from pathlib import Path

import pytest

from assistant.base.errors import StoreError
from assistant.index.folder import open_index
from support.corpus import FakeEncoder, assert_one_line


def complaint(folder: Path, encoder: FakeEncoder) -> str:
    """Return the one line that opening the index raises."""
    with pytest.raises(StoreError) as caught:
        open_index(folder, encoder)
    assert_one_line(caught.value)
    assert "build" in str(caught.value)
    return str(caught.value)

"""A model stored by an earlier release of the same format is read as it was."""

from __future__ import annotations

import numpy as np

from rapport.understanding.storage import _view


def test_a_view_stored_before_the_nearest_example_had_a_weight_has_none() -> None:
    arrays = {
        "e5/centre": np.zeros(2, np.float32),
        "e5/weights": np.eye(2, dtype=np.float32),
        "e5/intercepts": np.zeros(2, np.float32),
        "e5/examples": np.eye(2, dtype=np.float32),
        "e5/starts": np.array([0, 1]),
        "e5/rows": np.array([0, 1]),
    }
    assert _view(arrays, "e5").nearest == 0.0
    older = _view({**arrays, "e5/nearest": np.float32(0.5)}, "e5")
    assert (older.nearest, older.neighbours) == (0.5, 1)
    newer = _view({**arrays, "e5/nearest": np.float32(0.5), "e5/neighbours": np.array(3)}, "e5")
    assert newer.neighbours == 3

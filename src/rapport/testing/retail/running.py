"""One process's share of a run: its conversations, replays and illegal attempts, as plain figures."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rapport.governance.models import Decision
from rapport.testing.retail.gold import replay_all
from rapport.testing.retail.holding import hold_all
from rapport.testing.retail.mutations import mutate_all
from rapport.testing.retail.sandbox import run_sandbox
from rapport.testing.retail.tasks import JsonDict, Task


@dataclasses.dataclass(frozen=True, slots=True)
class Share:
    """What one process does."""

    snapshot: Path
    procedures: Path
    tasks: Sequence[Task]
    seeds: int
    parts: Sequence[str]


def run_share(share: Share, data: JsonDict, folder: Path, engine: Any = None) -> JsonDict:
    """Do it in a sandbox of its own; Django must be set up with ``DATA_DIR`` in the folder."""
    found: JsonDict = {}
    with run_sandbox(folder, share.snapshot, share.procedures, engine) as sandbox:
        if "customers" in share.parts:
            started, started_cpu = time.monotonic(), time.process_time()
            held = hold_all(sandbox, data, share.tasks, range(share.seeds))
            found |= {
                "held": [dataclasses.asdict(h) for h in held],
                "seconds": time.monotonic() - started,
                "cpu_s": time.process_time() - started_cpu,
                "steps": sandbox.clocks.turns,
                "turn_s": sandbox.clocks.turn_s,
                **_spent_s(),
            }
        if "gold" in share.parts:
            found["gold"] = replay_all(sandbox, data, share.tasks).as_json()
        if "mutations" in share.parts:
            found["mutations"] = mutate_all(sandbox, data, share.tasks).as_json()
    return found


def _spent_s() -> dict[str, float]:
    """CPU time that decisions record: deciding without encoders and connected systems, and these two [s]."""
    found = [
        {k: float(latency.get(k, 0)) / 1000 for k in ("cpu_total", "cpu_encode", "cpu_systems")}
        for latency in Decision.objects.values_list("latency_ms", flat=True)
    ]
    deciding = sum(f["cpu_total"] - f["cpu_encode"] - f["cpu_systems"] for f in found)
    encoder_s, systems_s = (sum(f[key] for f in found) for key in ("cpu_encode", "cpu_systems"))
    return {"deciding_s": deciding, "encoder_s": encoder_s, "systems_s": systems_s}

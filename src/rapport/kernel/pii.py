"""The privacy mark every stored model carries; `tests/architecture` refuses a model without one."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Pii:
    """What personal data a model holds, why, for how long, and how it is erased."""

    kinds: tuple[str, ...] = ()
    """Kinds of personal data (``name``, ``email``, ``message_text`` …); empty means none."""
    purpose: str = ""
    """Why it is kept, as a data-protection officer would write it."""
    retention: str = ""
    """How long it is kept; a policy name or a sentence."""
    erasure: str = ""
    """Which step of a customer's erasure removes or blanks it."""
    note: str = field(default="", kw_only=True)
    """Why a model without personal data may be kept for ever, where that is not plain."""

    @classmethod
    def none(cls, note: str = "") -> Pii:
        """The model holds no personal data."""
        return cls(note=note)

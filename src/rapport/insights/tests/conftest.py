"""An inbox, staff, and a survey by words alone: no encoder, so that figures are exact everywhere."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from rapport.accounts.api import create_staff, create_team
from rapport.accounts.models import User
from rapport.conversations import api as conversations
from rapport.conversations.contracts import InboxInfo
from rapport.insights.contracts import Window
from rapport.insights.models import Survey
from rapport.insights.stories import gather
from rapport.insights.surveying import survey
from rapport.insights.tests.scenes import NOW, Scene, play
from rapport.insights.vectors import Space
from rapport.kernel.clock import use_clock

WRAPPING = (
    "please wrap the parcel as a gift",
    "can you gift wrap my parcel",
    "gift wrap the parcel please, it is a present",
    "I want gift wrap for the parcel",
    "wrap the parcel as a gift for my sister",
    "is gift wrap possible for a parcel",
)


@dataclass
class Shop:
    """What tests of insights work with."""

    inbox: InboxInfo
    agent: User
    supervisor: User

    def play(self, *scenes: Scene) -> list[int]:
        """Have conversations; their row ids."""
        return [play(self.inbox, scene, staff_id=self.agent.pk) for scene in scenes]

    def look(self, days: int = 28) -> Survey:
        """Survey the period before `NOW`."""
        with use_clock(lambda: NOW):
            return survey(gather(Window(NOW, days)), Space(None))


@pytest.fixture
def shop(db: None) -> Shop:
    create_team("care", "Customer care")
    return Shop(
        conversations.create_inbox("Widget", "web"),
        create_staff("agent@example.com", "Alex Berger", "agent"),
        create_staff("sam@example.com", "Sam Novak", "supervisor"),
    )


def wrapping(**fields: object) -> list[Scene]:
    """Six customers who want the same thing in their own words."""
    return [Scene(text, **fields) for text in WRAPPING]  # type: ignore[arg-type]

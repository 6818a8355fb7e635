"""What a run is made of: servers, modes, how often, in which language."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from rapport.testing.retail.tasks import JsonDict, read_json
from rapport.testing.tau.chat import ChatServer
from rapport.testing.tau.trials import Mode
from rapport.understanding.language_model.settings import Use


@dataclass(frozen=True, slots=True)
class Setup:
    """What a run is made of."""

    agent: ChatServer
    user: ChatServer
    modes: tuple[Mode, ...]
    k: int = 4
    seed: int = 1
    language: str = "en"
    most_turns: int = 40
    policy: str = ""
    """The written policy, for the plain agent."""
    tools: tuple[JsonDict, ...] = ()
    use: Use = "always"
    """When the agent's model is asked while the policy is enforced."""

    def facts(self, db: str, tasks: str) -> JsonDict:
        """What results depend on."""
        return {
            "agent": [self.agent.url, self.agent.model],
            "user": [self.user.url, self.user.model, self.user.temperature],
            "use": self.use,
            "seed": self.seed,
            "language": self.language,
            "most_turns": self.most_turns,
            "db": db,
            "tasks": tasks,
        }


def read_tools(path: Path) -> tuple[JsonDict, ...]:
    """The tools' signatures, as a list of function specifications. Raises BadTasks."""
    found = read_json(path)
    return tuple(dict(entry) for entry in found if isinstance(entry, dict) and "function" in entry)

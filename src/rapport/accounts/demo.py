"""Sign-ins of the demonstration; they exist only where the demonstration's data was loaded."""

from __future__ import annotations

from dataclasses import dataclass

DEMO_PASSWORD = "rapport-demo"  # noqa: S105 - public on purpose, only in demonstrations


@dataclass(frozen=True, slots=True)
class DemoAccount:
    """One account the sign-in page offers in a demonstration."""

    email: str
    name: str
    role: str


DEMO_ACCOUNTS = (
    DemoAccount("agent@demo.example", "Alex Berger", "agent"),
    DemoAccount("supervisor@demo.example", "Sam Novak", "supervisor"),
    DemoAccount("admin@demo.example", "Robin Keller", "administrator"),
    DemoAccount("dpo@demo.example", "Dana Volkova", "dpo"),
)

"""The benchmark's tools on a snapshot in memory: they check what the benchmark's own tools check, and no policy."""

from __future__ import annotations

import ast
import copy
import json
import operator
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from rapport.testing.retail.reference import perform
from rapport.testing.retail.tasks import BY_EMAIL, BY_NAME, TRANSFER, WRITES, JsonDict, TaskAction

_OPERATORS: dict[type[ast.operator | ast.unaryop], Callable[..., float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}


class ToolProblem(Exception):
    """A tool answers with an error."""


class NoSuchTool(ToolProblem):
    """A name or arguments that are outside the signatures."""


@dataclass(slots=True)
class ToolShop:
    """The shop's data as one conversation changes them."""

    snapshot: JsonDict
    state: JsonDict = field(init=False)
    writes: list[TaskAction] = field(default_factory=list)
    """Changes that were made, in order."""
    is_transferred: bool = False
    customer_ref: str = ""
    """Whom the tools found last: who the agent takes the customer for."""

    def __post_init__(self) -> None:
        kept = {key: copy.deepcopy(self.snapshot[key]) for key in ("users", "orders")}
        self.state = {**kept, "products": self.snapshot["products"]}

    def call(self, name: str, arguments: JsonDict) -> str:
        """A tool's answer as text. Raises ToolProblem."""
        if name in WRITES:
            return self._write(TaskAction(name, arguments))
        reads: dict[str, Callable[[JsonDict], Any]] = {
            BY_EMAIL: self._find_by_email,
            BY_NAME: self._find_by_name,
            TRANSFER: self._transfer,
            "calculate": lambda given: _calculate(str(given["expression"])),
            "get_order_details": lambda given: self._get("orders", given["order_id"]),
            "get_product_details": lambda given: self._get("products", given["product_id"]),
            "get_user_details": lambda given: self._get("users", given["user_id"]),
            "list_all_product_types": lambda _given: {
                p["name"]: p["product_id"] for p in self.state["products"].values()
            },
        }
        if name not in reads:
            raise NoSuchTool(f"unknown tool {name}")
        try:
            found = reads[name](arguments)
        except KeyError as problem:
            raise NoSuchTool(f"{name} lacks {problem}") from problem
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)

    def _write(self, action: TaskAction) -> str:
        problem = perform(self.state, self.snapshot, action)
        if problem:
            raise ToolProblem(f"{action.name}: {problem}")
        self.writes.append(action)
        table, key = ("users", "user_id") if action.name == "modify_user_address" else ("orders", "order_id")
        return json.dumps(self.state[table][action.arguments[key]], ensure_ascii=False)

    def _get(self, table: str, key: Any) -> JsonDict:
        found = self.state[table].get(str(key))
        if found is None:
            raise ToolProblem(f"{table}: {key} not found")
        return dict(found)

    def _found(self, test: Callable[[JsonDict], bool]) -> str:
        self.customer_ref = next((str(k) for k, user in self.state["users"].items() if test(user)), "")
        if not self.customer_ref:
            raise ToolProblem("user not found")
        return self.customer_ref

    def _find_by_email(self, given: JsonDict) -> str:
        wanted = str(given["email"]).casefold()
        return self._found(lambda user: str(user["email"]).casefold() == wanted)

    def _find_by_name(self, given: JsonDict) -> str:
        wanted = tuple(str(given[key]).casefold() for key in ("first_name", "last_name", "zip"))

        def has_name(user: JsonDict) -> bool:
            name, code = user["name"], user["address"]["zip"]
            return (name["first_name"].casefold(), name["last_name"].casefold(), code.casefold()) == wanted

        return self._found(has_name)

    def _transfer(self, _given: JsonDict) -> str:
        self.is_transferred = True
        return "Transfer successful"


def _calculate(expression: str) -> str:
    try:
        value = _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ZeroDivisionError, RecursionError, OverflowError, ValueError) as problem:
        raise ToolProblem(f"calculate: {problem}") from problem
    return str(round(value, 2))


def _value(node: ast.expr) -> float:
    """Numbers, brackets and the four operations; nothing else is read."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.left), _value(node.right))
    if isinstance(node, ast.UnaryOp) and type(node.op) in _OPERATORS:
        return _OPERATORS[type(node.op)](_value(node.operand))
    raise ValueError("only numbers and + - * / can be calculated")

"""How many slips of the finger lie between two words."""

from __future__ import annotations


def is_within(left: str, right: str, limit: int) -> bool:
    """Whether `limit` insertions, deletions, replacements or swaps of neighbours turn one into the other."""
    if left == right:
        return True
    if abs(len(left) - len(right)) > limit:
        return False
    two_ago: list[int] = []
    before = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        row = [i]
        for j, b in enumerate(right, 1):
            best = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if i > 1 and j > 1 and a == right[j - 2] and left[i - 2] == b:
                best = min(best, two_ago[j - 2] + 1)
            row.append(best)
        if min(row) > limit:
            return False
        two_ago, before = before, row
    return before[-1] <= limit


def slips_allowed(word: str) -> int:
    """How many slips still leave a word of this length recognisable."""
    if len(word) < 5 or any(char.isdigit() for char in word):
        return 0
    return 1 if len(word) < 9 else 2

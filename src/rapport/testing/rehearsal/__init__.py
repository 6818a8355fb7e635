"""Procedures rehearsed before they go live: no database, no network, no waiting.

- `world`: the sandbox a procedure is rehearsed against, and what of a definition it cannot serve.
- `driving`: runs the interpreter against the sandbox, one input of the customer after another.
- `cases`, `case_files`: test cases written beside a procedure, and what became of them.
- `scenes`: the settings of a simulation: the standard shop, else what test cases say of other systems.
- `goals`: what a simulated customer wants, and the end state that proves they got it.
- `speaking`: how they say it, by persona and language.
- `replaying`: past conversations with the version in force and a changed one, read only.
- `rehearsing`: one whole rehearsal, as the release gate judges it.
- `simulating`, `reporting`: many conversations, and pass^1 to pass^k.
"""

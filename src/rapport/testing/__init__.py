"""What tests, simulations and demonstrations of an installation need; shipped, so that users have the same.

- `personas`: simulated customers' ways and words, read from a file of plain data (`demo/personas.yaml`).
- `in_process`: the system without its processes: messages go in as a channel sends them and are answered at once.
- `simulation`: a simulated customer who sees only messages and answers them by clicks or words.
- `agents`, `conversing`: simulated agents' words, and whole conversations of customer, assistant and agent.
- `calendar`: when customers write, over days, weeks and a season.
- `scripted_engine`: understanding by a table of words instead of a trained model.
- `scripted_language_model`: a language-model server that follows a script, over real HTTP on this machine.
- `shop_twin`: a shop in memory behind the same port as a real one, which can be down or lose answers.
- `rehearsal`: test cases and simulated customers for procedures before they are published.

This package may use every capability's `api`; nothing but commands, tests and the wiring may use this package.
"""

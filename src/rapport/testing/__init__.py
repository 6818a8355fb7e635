"""What tests, simulations and demonstrations of an installation need; shipped, so that users have the same.

- `personas`: simulated customers' ways and words, read from a file of plain data (`demo/personas.yaml`).
- `in_process`: the system without its processes: messages go in as a channel sends them and are answered at once.
- `simulation`: a simulated customer who sees only messages and answers them by clicks or words.

This package may use every capability's `api`; nothing but commands and tests may use this package.
"""

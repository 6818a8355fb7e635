"""The retail check: a shop's snapshot and tasks in the shape of a public benchmark, worked through by this system.

- `tasks`: tasks as people write them down, in the two shapes they come in; who the person is.
- `reference`: what the shop's data must be after a task's actions, worked out without the shop.
- `wishes`: what a person wants, drawn from a task's actions: what to have done, with which facts.
- `customer`: a scripted customer who sees messages of the public chat API and answers by clicks or short texts.
- `minimum`: the fewest questions a procedure can do with.
- `sandbox`, `public_api`: a system of its own with the snapshot's shop, reached by the public API's routes.
- `gold`, `mutations`: the tasks' actions, and illegal ones made of them, through the rules of the procedures.
- `holding`, `report`: all conversations of a run, and what came of them.
"""

"""A language model at work for a shop, in conversations with a customer whom another model plays.

- `tasks`: what each simulated customer wants and knows, and what must have been said in the end.
- `chat`: one OpenAI-compatible server: time limits, retries, tokens.
- `user`: the simulated customer.
- `enforced`: this system's own conversation path; the model proposes commands, the policy decides.
- `showing`: a message of this system as plain text, choices and forms included.
- `tool_agent`, `tool_shop`: the model with the written policy and the tools, its calls performed as they come.
- `auditing`: what the policy would have said of the calls that were performed so.
- `judging`, `trials`, `report`: end state and words of each conversation, where results are kept, pass^1 to pass^k.
- `setup`, `running`: what a run is made of; all conversations of one process.
"""

"""Systems the contract suites talk to."""

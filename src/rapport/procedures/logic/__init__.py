"""What procedures mean: definitions, expressions, wording and the interpreter, all pure."""

"""Rules of a call: what words and keys mean, and how a message is said. Pure."""

"""Rapport: self-hosted, AI-enabled customer service.

The packages below are capabilities; `docs/explanation/architecture.md` says who may import whom.
"""

__version__ = "0.1.0"

"""The conventions as rules with ids: :func:`check` asks them, :func:`conventions` writes them down."""

from workshop.check.rules import Fault, Rule
from workshop.check.run import check, conventions

__all__ = ["Fault", "Rule", "check", "conventions"]

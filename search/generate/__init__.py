"""Answers written by a language model from the best passages, with citations; off by default."""

from search.generate.choose import make_generator, open_generation
from search.generate.generation import Generation

__all__ = ["Generation", "make_generator", "open_generation"]

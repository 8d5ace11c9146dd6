"""Sentences of the consensus summary, each with its evidence and a check of it."""

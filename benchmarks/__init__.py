"""Measurements: every figure beside a named baseline that runs in the same call."""

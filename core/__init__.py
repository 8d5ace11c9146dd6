"""Foundations that both the domain and the shell stand on."""

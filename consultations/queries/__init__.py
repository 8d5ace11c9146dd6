"""Reads, one function per page."""

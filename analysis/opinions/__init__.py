"""Votes in, opinion report out: positions, map, groups, agreement, routing."""

"""Pages of the moderating part."""

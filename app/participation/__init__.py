"""Pages of the participation part."""

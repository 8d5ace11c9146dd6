"""Pages of the open_data part."""

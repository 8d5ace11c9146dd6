"""Pages of the api part."""

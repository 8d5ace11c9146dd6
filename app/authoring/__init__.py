"""Pages of the authoring part."""

"""Pages of the site part."""

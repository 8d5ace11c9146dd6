"""Comments in, theme report out: themes, sub-themes, labels, quotes, lasting ids."""

"""Service, the only bridge to the engine: freeze the input, run, store."""

"""Many people doing anything at any time to one consultation, and what must hold all the same."""

"""The commands of `python -m analysis`: files in, files out."""

"""What is raised when a provider's answer cannot be accepted."""


class ProviderError(Exception):
    """An answer was refused; the text says why, for the log, and holds nothing personal."""

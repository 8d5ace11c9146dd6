"""OpenID Connect: the site as a relying party. Every answer of a provider is taken as hostile."""

from app.oidc.errors import ProviderError
from app.oidc.flow import begin, check_return, finish, provider, providers

__all__ = ["ProviderError", "begin", "check_return", "finish", "provider", "providers"]

"""Signing in at an organisation's identity provider (OpenID Connect): discovery, keys and tokens."""

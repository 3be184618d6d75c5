"""Builds what sends to webhooks, by the settings."""

from dsar_export.delivery.webhook_post import WebhookPost
from dsar_export.model.webhook import Network, listed_networks
from dsar_export.settings import Settings


def listed_in(settings: Settings) -> tuple[Network, ...]:
    """The networks of DSAR_WEBHOOK_PRIVATE."""
    return () if settings.webhook_private is None else listed_networks(settings.webhook_private)


def webhook_post_in(settings: Settings) -> WebhookPost:
    """What sends one message."""
    return WebhookPost(listed_in(settings))

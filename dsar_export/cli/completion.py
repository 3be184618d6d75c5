"""Completes words in the shell: the references of open requests."""


def open_references(incomplete: str) -> list[str]:
    """The references of open requests that begin with what was typed; none, and no message, without a database."""
    try:
        from dsar_export.settings import read_settings

        settings = read_settings()
        if settings.database_url is None and not settings.state.exists():
            return []
        from dsar_export.requests.open_references import open_references_in

        found = open_references_in(settings.database)
        return [reference for reference in found if reference.startswith(incomplete)]
    except Exception:  # noqa: BLE001 - a shell that completes a word must show nothing else
        return []

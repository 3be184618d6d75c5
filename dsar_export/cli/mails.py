"""How commands show a mail: its state and codes, never its text or address."""

from dsar_export.model.mail import MailState
from dsar_export.requests.outbox import ListedMail


def mail_json(mail: ListedMail) -> dict[str, object]:
    """A mail in the output of `--json`."""
    return {
        "id": mail.mail_id,
        "reference": mail.reference,
        "kind": mail.kind.value,
        "state": mail.state.value,
        "queued": mail.created_at.isoformat(),
        "expires": mail.expires_at.isoformat(),
        "attempts": mail.attempts,
        "next_attempt": mail.not_before and mail.not_before.isoformat(),
        "ended": mail.ended_at and mail.ended_at.isoformat(),
        "failure": mail.failure,
    }


def ending(mail: ListedMail) -> str:
    """State and code in a few words."""
    state = mail.state.value.replace("_", " ")
    if mail.state is MailState.PERHAPS_SENT and mail.ended_at is None:
        state += ", tried once more"
    return state if mail.failure is None else f"{state} ({mail.failure})"

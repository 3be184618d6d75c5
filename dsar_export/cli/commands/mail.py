"""`dsar-export mail send`, `mail bounced` and `mail list`."""

from pathlib import Path
from typing import Final

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_if_named, register_to_show_by, services_of
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.mails import ending, mail_json
from dsar_export.delivery.mail_notification import LARGEST, notification_in
from dsar_export.errors import WrongUseError
from dsar_export.language.zones import moment_text
from dsar_export.model.mail import NOT_SENT, MailState
from dsar_export.settings import read_settings
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.post import mails_here, note_bounce, send_waiting
from dsar_export.use_cases.reminding import remind
from dsar_export.use_cases.services import SilentProgress
from dsar_export.wiring.mail import sender_in

_NO_ENDS: Final = frozenset({MailState.WAITING, MailState.BOUNCED})
"""States in which no run of `mail send` leaves a mail for good."""


def run_send(limit: int, *, as_json: bool) -> int:
    """Sends, and shows how many mails ended how."""
    settings = read_settings()
    sender = sender_in(settings)
    if sender is None:
        raise WrongUseError("no mail server is set, so mail waits; set DSAR_SMTP_URL and DSAR_MAIL_FROM")
    if settings.outbox_folder is not None:
        terminal.warn(
            f"mail goes into {settings.outbox_folder}, for demonstrations only: nobody receives it, and its text lies "
            "there in clear"
        )
    at_work = desk()
    _remind(at_work)
    done = send_waiting(at_work, sender, limit)
    counts = {state.value: done.ended.get(state, 0) for state in MailState if state not in _NO_ENDS}
    if as_json:
        terminal.print_json({**counts, "tried_again": done.tried_again, "fault": done.fault})
    else:
        rows = [[name.replace("_", " "), f"{count:,}"] for name, count in counts.items()]
        rows.append(["tried again later", f"{done.tried_again:,}"])
        terminal.print_table(["mail", "count"], rows, right=frozenset({1}))
    if done.fault is not None:
        terminal.warn(
            f"the mail server can't be used ({done.fault}); mail waits, docs/requests.md has the codes"
        )
    unsent = sum(done.ended.get(state, 0) for state in NOT_SENT)
    if unsent:
        terminal.warn(f"mail that was not sent, or only perhaps: {unsent}; `dsar-export mail list` shows it")
    return ExitCode.PROBLEMS_FOUND if done.fault or unsent else ExitCode.DONE


def _remind(at_work: Desk) -> None:
    """Reminders are queued with the mail that waits, if there is a register to know by where they go."""
    if at_work.web_url is not None and register_if_named(None) is not None:
        remind(at_work, lambda: services_of(None, SilentProgress()))


def run_bounced(file: Path, *, as_json: bool) -> int:
    """Notes that a mail came back, if a notification says so; nothing else of it is kept or shown."""
    notification = notification_in(terminal.read_bytes(file, LARGEST + 1))
    mail = note_bounce(desk(), notification)
    if as_json:
        shown = {"delivery": notification.delivery.value, "status": notification.status}
        terminal.print_json({**shown, "mail": mail_json(mail)})
        return ExitCode.DONE
    terminal.print_facts(
        [
            ("mail", mail.mail_id),
            ("about", mail.reference or "no request"),
            ("notification", notification.delivery.value),
            ("state", ending(mail)),
        ]
    )
    return ExitCode.DONE


def run_list(*, as_json: bool) -> int:
    """Shows all mail that the person at work may see."""
    found = mails_here(desk())
    if as_json:
        terminal.print_json({"mails": [mail_json(mail) for mail in found]})
        return 0
    register = register_to_show_by()
    rows = [
        [
            m.reference or "",
            m.kind,
            ending(m),
            moment_text(m.created_at, zone_in(register, m.controller)),
            f"{m.attempts}",
            m.mail_id,
        ]
        for m in found
    ]
    heads = ["reference", "kind", "state", "queued", "attempts", "id"]
    terminal.print_table(heads, rows, right=frozenset({4}))
    return 0

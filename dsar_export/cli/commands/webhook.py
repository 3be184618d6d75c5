"""`dsar-export webhook …`."""

from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, register_of
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.errors import WrongUseError
from dsar_export.model.webhook import Settled
from dsar_export.requests.states import State
from dsar_export.requests.webhooks import ListedWebhook
from dsar_export.settings import read_settings
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.send_webhooks import send_as_staff
from dsar_export.use_cases.webhooks import WebhookOrder, known_webhooks, make_webhook, stop_webhook
from dsar_export.wiring.webhooks import listed_in, webhook_post_in


@dataclass(frozen=True)
class AddArguments:
    """What `webhook add` was given."""

    url: str = field(repr=False)
    controllers: tuple[str, ...]
    events: tuple[str, ...]
    name: str | None


def run_add(register: Path | None, given: AddArguments, *, as_json: bool) -> int:
    """Makes a webhook. With JSON, standard error has the secret."""
    if not set(given.events) <= set(State):
        raise WrongUseError(f"--event is one of {', '.join(State)}; repeat it for several")
    url = terminal.read_text("-").strip() if given.url == "-" else given.url
    order = WebhookOrder(url, given.controllers, tuple(map(State, given.events)), given.name)
    made = make_webhook(desk(), register_of(register), order, listed_in(read_settings()))
    webhook = made.webhook
    if as_json:
        terminal.err().print(f"{terminal.PROGRAM}: secret, shown once: {made.secret}", soft_wrap=True)
        shown = {"controllers": list(webhook.controllers), "states": [each.value for each in webhook.states]}
        terminal.print_json({"name": webhook.name, **shown})
    else:
        terminal.print_facts([("webhook", webhook.name), ("secret", f"{made.secret} (shown once)")])
    return ExitCode.DONE


def run_list(*, as_json: bool) -> int:
    """Shows all webhooks."""
    return _listed(desk(), as_json=as_json)


def run_end(name: str, *, as_json: bool) -> int:
    """Ends a webhook."""
    at_work = desk()
    stop_webhook(at_work, name)
    return _listed(at_work, as_json=as_json)


def run_send(limit: int, *, parked: bool, as_json: bool) -> int:
    """Sends, and shows how many attempts ended how."""
    post = webhook_post_in(read_settings())
    sent = send_as_staff(desk(), post, limit, parked=parked)
    counts = {each.value: sent.ended.get(each, 0) for each in Settled}
    if as_json:
        terminal.print_json(counts)
    else:
        rows = [[name.replace("_", " "), f"{count:,}"] for name, count in counts.items()]
        terminal.print_table(["messages", "count"], rows, right=frozenset({1}))
    if not counts[Settled.PARKED]:
        return ExitCode.DONE
    terminal.warn(
        "some messages are parked; `dsar-export webhook list` shows why, `webhook send --parked` tries again"
    )
    return ExitCode.PROBLEMS_FOUND


def _listed(at_work: Desk, *, as_json: bool) -> int:
    found = known_webhooks(at_work)
    if as_json:
        terminal.print_json({"webhooks": [_json(each) for each in found]})
        return ExitCode.DONE
    rows = [
        [
            each.webhook.name,
            _host(each) or "ended",
            ", ".join(each.webhook.controllers),
            ", ".join(each.webhook.states) or "all",
            f"{each.waiting:,}",
            f"{each.parked:,}",
            each.failure or "",
        ]
        for each in found
    ]
    heads = ["name", "host", "controllers", "states", "waiting", "parked", "failure"]
    terminal.print_table(heads, rows, right=frozenset({4, 5}))
    return ExitCode.DONE


def _json(each: ListedWebhook) -> dict[str, object]:
    return {
        "name": each.webhook.name,
        "host": _host(each),
        "controllers": list(each.webhook.controllers),
        "states": [state.value for state in each.webhook.states],
        "made_at": each.webhook.made_at.isoformat(),
        "made_by": each.webhook.made_by,
        "ended_at": each.ended_at and each.ended_at.isoformat(),
        "waiting": each.waiting,
        "parked": each.parked,
        "failure": each.failure,
    }


def _host(each: ListedWebhook) -> str | None:
    """The path of a URL may be a secret of its own."""
    return None if each.url is None else urlsplit(each.url).hostname

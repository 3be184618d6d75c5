"""`dsar-export people login …`."""

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, text_from
from dsar_export.errors import WrongUseError
from dsar_export.settings import read_settings
from dsar_export.use_cases.provider_login import bind_login, end_login


def run_login(name: str, subject_file: str | None, *, end: bool, as_json: bool) -> int:
    """Lets somebody sign in by an account of the identity provider, or ends that."""
    if end == (subject_file is not None):
        raise WrongUseError("name a file with --subject-file, or use --end")
    at_work = desk()
    if end:
        if not end_login(at_work, name):
            raise WrongUseError(f"{name} has no account of the identity provider; nothing was changed")
    else:
        issuer = read_settings().oidc_issuer
        if issuer is None:
            raise WrongUseError("DSAR_OIDC_ISSUER is missing; name the address of your identity provider")
        bind_login(at_work, name, issuer, text_from(subject_file, "subject"))
    if as_json:
        terminal.print_json({"person": name, "login": not end})
    elif end:
        terminal.out().print(f"{name} can't sign in by the identity provider any more; roles stay")
    else:
        terminal.out().print(f"{name} signs in by that account of the identity provider")
    return 0

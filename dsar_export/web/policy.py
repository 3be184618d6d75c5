"""What a page may load: one style sheet of ours and perhaps one script, each by its hash, and nothing else."""

import base64
import hashlib
from importlib.resources import files

from markupsafe import Markup


def own_file(package: str, name: str) -> Markup:
    """A file of ours from a folder of templates, which stands in a page as it is."""
    text = (files(package) / "templates" / name).read_text(encoding="utf-8")
    return Markup(text)  # noqa: S704 # our own file


def source_of(text: str) -> str:
    """What a policy calls a style sheet or a script that stands in the page (CSP Level 3, section 2.3.1)."""
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode('ascii')}'"


def policy_of(style_source: str, script_source: str | None = None) -> str:
    """The policy of a page; its script asks this site alone, and can make no markup of a text."""
    policy = (
        f"default-src 'none'; style-src {style_source}; form-action 'self'; frame-ancestors 'none'; "
        "base-uri 'none'"
    )
    if script_source is None:
        return policy
    return (
        f"{policy}; script-src {script_source}; connect-src 'self'; require-trusted-types-for 'script'; "
        "trusted-types 'none'"
    )

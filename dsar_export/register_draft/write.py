"""A drafted register as TOML files with comments."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import tomlkit

from dsar_export.model.undecided import TENANT
from dsar_export.register_draft.shape import DraftedDataset, DraftedRegister, Line, Toml
from dsar_export.register_draft.words import simple_name

_WIDTH: Final = 118


@dataclass(frozen=True)
class Frame:
    """What a register says of who answers and where the data is; `remark` stands beside the source's address."""

    controller: str
    source: str
    url: str
    today: date
    kind: str = "sql_database"
    remark: str | None = None


def register_files(draft: DraftedRegister, frame: Frame) -> Mapping[str, str]:
    """The files of a register by their paths."""
    datasets = {f"datasets/{d.name}.toml": dataset_text(d) for d in draft.datasets}
    return {"register.toml": "\n".join(_register(draft, frame)) + "\n", **datasets}


def dataset_text(dataset: DraftedDataset) -> str:
    """The file of one dataset."""
    return "\n".join(_dataset(dataset)) + "\n"


def _register(draft: DraftedRegister, frame: Frame) -> Iterator[str]:
    yield "# Drafted from the database's catalogue. What is marked `undecided`, and every guess, waits for you:"
    yield "# change it here, and let `dsar-export check` count what is left. docs/register.md explains each key."
    yield from map(_comment, draft.remarks)
    yield ""
    yield _line(Line("version", frame.today.isoformat(), "your own edition; every package states it"))
    yield _line(Line("language", "en", "the language in which you write here"))
    yield _line(Line("subject", draft.subject, "what stands for one person"))
    yield _line(Line("undecided", ["notice", "promises"], _NOTICE))
    yield from _listed("datasets", [dataset.name for dataset in draft.datasets])
    yield ""
    yield from _controller(frame)
    yield ""
    yield f"[sources.{_key(frame.source)}]"
    yield _line(Line("kind", frame.kind))
    yield _line(Line("url", frame.url, frame.remark))
    yield _line(Line("controllers", [_controller_id(frame)]))
    if draft.tenant is not None:
        tenants: Toml = {_controller_id(frame): [TENANT]}
        yield _line(Line("tenants", tenants, f"the values of {draft.tenant} in the rows of each company"))
    if draft.left_out:
        yield ""
        yield f"[sources.{_key(frame.source)}.left_out]"
        yield from map(_line, draft.left_out)
    for link in draft.links:
        yield ""
        yield "[[links]]"
        yield from map(_line, link)
    yield ""
    yield from _CHOICES.strip("\n").split("\n")


_NOTICE: Final = "your privacy notice, and each category of data that it names"

_CHOICES: Final = """
# Why, for whom and how long data is kept: choose, change, and name your choice in the datasets instead of `undecided`.

[purposes]
# contract = { title = "Selling and delivering", description = "To take your orders and deliver them." } # A6-1-b
# account = { title = "Your account", description = "To let you sign in and see your data." } # A6-1-b
# bookkeeping = { title = "Bookkeeping and tax", description = "To keep the records that the law asks for." } # A6-1-c
# security = { title = "Security", description = "To find and stop misuse." } # A6-1-f
# marketing = { title = "Advertising", description = "To send you news that you agreed to." } # A6-1-a

[recipients]
# hosting = { name = "…", role = "processor", country = "DE", description = "Runs the computers on which we keep it." }
# carrier = { name = "…", role = "controller", country = "GB", description = "Brings the parcels." }

[storage_periods]
# account = { title = "As long as you have an account", duration = "P1Y", starts = "the end of your account" }
# bookkeeping = { title = "Six years, as tax law asks", duration = "P6Y", starts = "the end of the financial year" }

# [[promises]]
# id = "contact"
# text = "Your name, address and phone number"
# datasets = ["…"]
"""


def _controller(frame: Frame) -> Iterator[str]:
    yield f"[controllers.{_key(_controller_id(frame))}]"
    yield _line(Line("name", frame.controller))
    yield _line(Line("address", "Address not recorded yet", "where letters reach you"))
    yield _line(
        Line("country", "IE", "a stand-in: ISO 3166, two letters; it decides whose law the reports name")
    )
    yield _line(Line("language", "en", "of its reports: en, de or fr"))
    yield _line(Line("time_zone", "UTC", "of the times in its reports"))
    yield _line(Line("contact", "whoever sent you this package", "where people ask"))
    yield _line(
        Line("authority", {"name": "the data protection authority of your country", "url": _AUTHORITIES})
    )
    yield _line(
        Line(
            "undecided",
            ["address", "country", "time_zone", "contact", "authority"],
            "write them, and drop this",
        )
    )


_AUTHORITIES: Final = "https://www.edpb.europa.eu/about-edpb/about-edpb/members_en"


def _controller_id(frame: Frame) -> str:
    return simple_name(frame.controller)


def _dataset(dataset: DraftedDataset) -> Iterator[str]:
    yield from map(_comment, dataset.remarks)
    yield from map(_line, dataset.head)
    yield ""
    yield "[fields]"
    yield from map(_line, dataset.fields)
    if dataset.left_out:
        yield ""
        yield "[left_out]"
        yield from map(_line, dataset.left_out)
    for reference in dataset.references:
        yield ""
        yield "[[references]]"
        yield from map(_line, reference)


def _listed(key: str, values: Sequence[str]) -> Iterator[str]:
    """A list, one value a line if it is long."""
    whole = _line(Line(key, list(values)))
    if len(whole) <= _WIDTH:
        yield whole
        return
    yield f"{key} = ["
    yield from (f"  {_value(value)}," for value in values)
    yield "]"


def _line(line: Line) -> str:
    text = f"{_key(line.key)} = {_value(line.value)}"
    return text if line.remark is None else f"{text} {_comment(line.remark)}"


def _comment(text: str) -> str:
    """One line, without the control characters that TOML allows in no comment; names and codes may have any."""
    return "# " + " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _key(name: str) -> str:
    return tomlkit.key(name).as_string()


def _value(value: Toml) -> str:
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_value, value)) + "]"
    return tomlkit.item(value).as_string()

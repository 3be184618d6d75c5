"""Values of a package drawn at random, spelled as somebody might type them."""

import json
import random
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

_FOLDER: Final = "data/json/"
_LONGEST: Final = 60


@dataclass(frozen=True)
class Drawn:
    """A value of a record, as it is typed."""

    dataset: str
    index: int
    text: str


def written(value: object) -> Iterator[str]:
    """Every text in a value of a record, a number as it is written; the longest line of a text, or its beginning."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from written(each)
    elif isinstance(value, bool):
        yield json.dumps(value)
    elif isinstance(value, str):
        line = max(value.splitlines(), key=len, default="")[:_LONGEST].strip()
        if any(letter.isprintable() and not letter.isspace() for letter in without_accents(line)):
            yield line


def without_accents(text: str) -> str:
    """The text as somebody types it who has no accents on the keyboard."""
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


def drawn(members: Mapping[str, bytes], seed: int, count: int) -> list[Drawn]:
    """Values of any record of any dataset, every other one of a record of any dataset that has one."""
    datasets = {
        name.removeprefix(_FOLDER).removesuffix(".json"): json.loads(body, parse_int=str, parse_float=str)
        for name, body in members.items()
        if name.startswith(_FOLDER)
    }
    largest = max(datasets, key=lambda name: len(datasets[name]))
    any_of = [name for name, records in datasets.items() if records]
    chance = random.Random(seed)  # noqa: S311 # printed, so that it can be repeated
    values: list[Drawn] = []
    while len(values) < count:
        name = chance.choice(any_of) if len(values) % 2 else largest
        index = chance.randrange(len(datasets[name]))
        texts = list(written(datasets[name][index]))
        if texts:
            values.append(Drawn(name, index, _spelled(chance.choice(texts), chance)))
    return values


def _spelled(text: str, chance: random.Random) -> str:
    spellings = (str, str.upper, str.lower, str.swapcase, without_accents)
    return chance.choice(spellings)(without_accents(text) if chance.random() < 0.5 else text)

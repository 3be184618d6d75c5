"""Small wrong edits that no test notices; `make mutants` looks for them, an hour at most.

mutmut makes the edits and runs the tests that reach each (`[tool.mutmut]` in pyproject.toml says where). An edit that
every test passes with survives: either a better test finds it, or `mutants.toml` lists it with a reason. The command
fails on a survivor that is not listed, on an entry of the list that no survivor needs, and on edits not yet tried.
"""

import argparse
import fnmatch
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from contextlib import chdir, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent
PACKAGE: Final = "dsar_export"
WORK: Final = ROOT / "mutants"
STATISTICS: Final = WORK / "mutmut-stats.json"
LIST: Final = ROOT / "mutants.toml"
STATES: Final = ("killed", "too slow", "listed", "not listed", "not tried")
_SURVIVED: Final = {0, 5, 33}  # also those that no test reaches
_UNTRIED: Final = {None, 2, 34}
_TOO_SLOW: Final = {-24, 24, 36, 152, 255}
_NAME: Final = re.compile(r"(?P<module>[\w.]+)\.x(?:ǁ(?P<held>\w+)ǁ|_)(?P<function>\w+)__mutmut_\d+")


@dataclass(frozen=True, order=True)
class Mutant:
    """A wrong edit: the function, and its changed lines before and after."""

    function: str
    before: str
    after: str

    def as_entry(self) -> str:
        """The edit as it stands in the list."""
        texts = {"function": self.function, "before": self.before, "after": self.after, "reason": ""}
        return "\n".join(["[[survivors]]", *(f"{key} = {json.dumps(text)}" for key, text in texts.items())])


@dataclass(frozen=True)
class Entry:
    """One entry of the list: an edit, or all edits of some functions that are alike.

    `function` may be a pattern with `*`. `alike` is a regular expression for "before -> after", in place of both.
    """

    function: str
    reason: str
    before: str | None = None
    after: str | None = None
    alike: str | None = None

    def covers(self, mutant: Mutant) -> bool:
        if not fnmatch.fnmatchcase(mutant.function, self.function):
            return False
        if self.alike is not None:
            return re.search(self.alike, f"{mutant.before} -> {mutant.after}") is not None
        return (mutant.before, mutant.after) == (self.before, self.after)


@dataclass(frozen=True)
class Results:
    """What became of every edit: counts by file and state, the survivors, and the seconds that their tests took."""

    counts: Mapping[str, Counter[str]]
    survivors: Mapping[str, Sequence[Mutant]]
    seconds: Mapping[str, float]


def entries(text: str) -> list[Entry]:
    """The list; ValueError for an entry without a reason."""
    found = [Entry(**entry) for entry in tomllib.loads(text).get("survivors", [])]
    for entry in found:
        if not entry.reason.strip():
            raise ValueError(f"mutants.toml: {entry.function}: an entry needs a reason")
        if (entry.alike is None) == (entry.before is None or entry.after is None):
            raise ValueError(f"mutants.toml: {entry.function}: write before and after, or alike")
    return found


def function_named(mutant: str) -> str:
    """The function of an edit, from mutmut's name of it."""
    found = _NAME.fullmatch(mutant)
    if found is None:
        raise ValueError(f"{mutant} is no name of an edit as mutmut 3.8 writes it")
    return ".".join(part for part in found.group("module", "held", "function") if part)


def changed_lines(diff: str) -> tuple[str, str]:
    """The lines before and after the edit, from a unified diff."""
    lines = [line for line in diff.splitlines() if not line.startswith(("---", "+++", "@@"))]
    sides = ((line[1:].strip() for line in lines if line.startswith(sign)) for sign in "-+")
    before, after = (" ".join(side) for side in sides)
    return before, after


def judged(listed: Sequence[Entry], survivors: Iterable[Mutant]) -> tuple[list[Mutant], list[Entry]]:
    """The survivors that are not listed, and the entries that no survivor needs."""
    found = sorted(set(survivors))
    return (
        [mutant for mutant in found if not any(entry.covers(mutant) for entry in listed)],
        [entry for entry in listed if not any(entry.covers(mutant) for mutant in found)],
    )


def run_mutmut(minutes: float, processes: int, *, anew: bool, part: str = "") -> bool:
    """Lets mutmut make and try the edits, or those of a part anew; whether it ended within its time."""
    if part:  # the verdicts on other parts stay, but which tests reach an edit is found out again
        STATISTICS.unlink(missing_ok=True)
    elif anew:
        shutil.rmtree(WORK, ignore_errors=True)
    else:
        _forget_survivors()
    command = [str(Path(sys.executable).with_name("mutmut")), "run", "--max-children", str(processes)]
    command += [f"{PACKAGE}.{part}*"] if part else []
    with subprocess.Popen(command, cwd=ROOT, start_new_session=True) as running:
        try:
            code = running.wait(minutes * 60)
        except subprocess.TimeoutExpired:
            return False
        finally:
            _end(running)
    if code:
        raise SystemExit(code)
    return True


def _end(running: subprocess.Popen[bytes]) -> None:
    """Ends mutmut with the tests that it runs, which would go on without it."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)


def _forget_survivors() -> None:
    """Has mutmut try the survivors again, since it keeps every verdict of an earlier run."""
    for file in WORK.rglob("*.py.meta"):
        held = json.loads(file.read_text(encoding="utf-8"))
        codes = held["exit_code_by_key"]
        held["exit_code_by_key"] = {name: None if code in _SURVIVED else code for name, code in codes.items()}
        file.write_text(json.dumps(held), encoding="utf-8")


def is_of(part: str, file: str) -> bool:
    """Whether a file is of a part such as `identities` or `sealing.reader`."""
    return file.removesuffix(".py").replace("/", ".").startswith(f"{PACKAGE}.{part}")


def files_of(part: str) -> list[str]:
    """The files of a part in which mutmut makes edits."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    found = (file for pattern in settings["tool"]["mutmut"]["only_mutate"] for file in ROOT.glob(pattern))
    return [name for file in found if is_of(part, name := str(file.relative_to(ROOT)))]


def read_results(listed: Sequence[Entry], part: str = "") -> Results:
    """What mutmut left in its folder, of a part or of all."""
    counts: dict[str, Counter[str]] = {}
    survivors: dict[str, list[Mutant]] = {}
    seconds: dict[str, float] = {}
    for file in sorted(WORK.rglob("*.py.meta")):
        name = str(file.relative_to(WORK)).removesuffix(".meta")
        held = json.loads(file.read_text(encoding="utf-8"))
        codes: Mapping[str, int | None] = held["exit_code_by_key"]
        if not codes or not is_of(part, name):
            continue
        alive = [_mutant(key, name) for key, code in codes.items() if code in _SURVIVED]
        unlisted = judged(listed, alive)[0]
        states = Counter(_state(code) for code in codes.values() if code not in _SURVIVED)
        states["not listed"] = sum(mutant in unlisted for mutant in alive)
        states["listed"] = len(alive) - states["not listed"]
        counts[name], survivors[name] = states, alive
        seconds[name] = sum(held["durations_by_key"].values())
    return Results(counts, survivors, seconds)


def _state(code: int | None) -> str:
    return "not tried" if code in _UNTRIED else "too slow" if code in _TOO_SLOW else "killed"


def _mutant(name: str, file: str) -> Mutant:
    from mutmut.mutation.diff_apply import get_diff_for_mutant  # noqa: PLC0415 - it reads its settings when imported

    return Mutant(function_named(name), *changed_lines(get_diff_for_mutant(name, path=file)))


def table(results: Results) -> str:
    """The counts of each file, and their sum."""
    width = max((len(name) for name in results.counts), default=0)
    heads = ("edits", *STATES, "seconds")
    lines = [f"{'':{width}}  " + "  ".join(heads)]
    together = sum(results.counts.values(), Counter[str]())
    rows = [*results.counts.items(), ("all", together)]
    for name, states in rows:
        took = results.seconds.get(name, sum(results.seconds.values()))
        cells = (states.total(), *(states[state] for state in STATES), round(took))
        shown = (f"{cell:{len(head)}}" for head, cell in zip(heads, cells, strict=True))
        lines.append(f"{name:{width}}  " + "  ".join(shown))
    return "\n".join(lines)


def _chosen() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tools.mutants", description=__doc__)
    parser.add_argument("--minutes", type=float, default=60, help="the time after which it stops")
    parser.add_argument("--processes", type=int, default=2, help="how many edits are tried at once")
    which = parser.add_mutually_exclusive_group()
    which.add_argument(
        "--again", action="store_true", help="go on from the last run: only edits that no test found"
    )
    parser.add_argument("--show", action="store_true", help="only show what the last run found")
    which.add_argument(
        "--only", default="", metavar="PART", help="one part, such as identities or sealing.reader"
    )
    chosen = parser.parse_args()
    if not files_of(chosen.only):
        parser.error(f"no file of {chosen.only!r} stands in only_mutate of pyproject.toml")
    return chosen


def main() -> None:
    """Runs it and exits with 1 if there is something to do."""
    chosen = _chosen()
    listed, began = entries(LIST.read_text(encoding="utf-8")), time.monotonic()
    lines = [""]
    if not chosen.show and not run_mutmut(
        chosen.minutes, chosen.processes, anew=not chosen.again, part=chosen.only
    ):
        lines.append(f"stopped after {chosen.minutes:g} minutes; `make mutants AGAIN=1` goes on")
    with chdir(ROOT):  # mutmut looks for its folder and settings there
        results = read_results(listed, chosen.only)
    unlisted, needless = judged(listed, [mutant for found in results.survivors.values() for mutant in found])
    untried = sum(states["not tried"] for states in results.counts.values())
    if untried or chosen.only:  # an edit that was not tried may need an entry
        needless = []
    lines += [table(results), f"{time.monotonic() - began:.0f} seconds", *map(Mutant.as_entry, unlisted)]
    lines += [f"mutants.toml: no survivor needs {entry}" for entry in needless]
    sys.stdout.write("\n\n".join(lines) + "\n")
    if unlisted or needless or untried:
        sys.exit(f"\n{len(unlisted)} not listed, {len(needless)} entries to drop, {untried} not tried")


if __name__ == "__main__":
    main()

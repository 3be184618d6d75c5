"""The house rules that import-linter, ruff and mypy do not check."""

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("dsar_export", "collectors", "renderers", "schemas")
FOLDERS = {
    "dsar_export",
    "collectors",
    "renderers",
    "schemas",
    "examples",
    "tests",
    "benchmarks",
    "docs",
    "findings",
    "tools",
}
SOURCES = sorted(
    file
    for package in PACKAGES
    for file in (ROOT / package).rglob("*.py")
    if "node_modules" not in file.parts
)
TESTS = sorted((ROOT / "tests").rglob("*.py"))
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "lib", "manager", "base"}
# Functions with imports of their own, and the megabytes that each saves as long as it is not called.
IMPORT_WHEN_CALLED = {
    "collectors/sql_database/database.py: _dialect_of": 12,  # psycopg, for sources that are not PostgreSQL
    "dsar_export/export/validate.py: _explainer": 3,  # jsonschema, if every record conforms
    "dsar_export/requests/due_dates/calendar.py: _public_holidays": 12,  # holidays, for commands without due days
    "dsar_export/requests/due_dates/calendar.py: known_parts": 12,
    "dsar_export/requests/migrations/__init__.py: upgrade": 12,  # Alembic, for a database that is current
    "dsar_export/wiring/desk.py: _in_s3": 5,  # obstore, for stores in folders
    "renderers/report_pdf/__init__.py: documents": 11,  # ReportLab, until the memory of the rows is free again
    "dsar_export/wiring/waking.py: waker_in": 12,  # Dramatiq with its brokers, for installations without one
    # A command needs only its own modules: `--help` answers five times sooner.
    "dsar_export/cli/__init__.py: main": 3,
    "dsar_export/cli/app.py: _failed": 3,  # rich
    "dsar_export/cli/register_app.py: check": 25,
    "dsar_export/cli/register_app.py: draft": 51,
    "dsar_export/cli/app.py: demo": 28,  # and those of requests only for `--as-request`
    "dsar_export/cli/app.py: export": 27,
    "dsar_export/cli/app.py: identify": 26,
    "dsar_export/cli/app.py: inspect": 19,
    "dsar_export/cli/register_app.py: translations": 26,
    "dsar_export/cli/completion.py: open_references": 65,
    "dsar_export/cli/intake_app.py: hand_on": 66,
    "dsar_export/cli/intake_app.py: identify": 66,
    "dsar_export/cli/intake_app.py: mandate": 66,
    "dsar_export/cli/request_app.py: open_": 66,
    "dsar_export/cli/request_app.py: correct": 66,
    "dsar_export/cli/request_app.py: verify": 66,
    "dsar_export/cli/work_app.py: collect": 66,
    "dsar_export/cli/request_app.py: code": 66,
    "dsar_export/cli/request_app.py: choose_": 66,
    "dsar_export/cli/request_app.py: review": 66,
    "dsar_export/cli/request_app.py: accept_gap": 66,
    "dsar_export/cli/request_app.py: approve": 66,
    "dsar_export/cli/request_app.py: send_back": 66,
    "dsar_export/cli/refusal_app.py: refuse": 66,
    "dsar_export/cli/refusal_app.py: confirm_refusal": 66,
    "dsar_export/cli/refusal_app.py: withdraw_refusal": 66,
    "dsar_export/cli/complaint_app.py: complain": 66,
    "dsar_export/cli/complaint_app.py: acknowledge_complaint": 66,
    "dsar_export/cli/complaint_app.py: answer_complaint": 66,
    "dsar_export/cli/complaint_app.py: complaints": 66,
    "dsar_export/cli/request_app.py: cancel": 66,
    "dsar_export/cli/request_app.py: close": 66,
    "dsar_export/cli/work_app.py: build": 66,
    "dsar_export/cli/work_app.py: worker": 66,
    "dsar_export/cli/work_app.py: workers": 66,
    "dsar_export/cli/web_app.py: serve": 66,
    "dsar_export/cli/package_app.py: list_packages": 65,
    "dsar_export/cli/package_app.py: reveal": 65,
    "dsar_export/cli/package_app.py: fetch": 65,
    "dsar_export/cli/package_app.py: revoke": 65,
    "dsar_export/cli/request_app.py: deliver": 66,
    "dsar_export/cli/request_app.py: reissue": 66,
    "dsar_export/cli/request_app.py: note": 66,
    "dsar_export/cli/request_app.py: assign": 66,
    "dsar_export/cli/letter_app.py: letter": 66,
    "dsar_export/cli/clock_app.py: due": 66,
    "dsar_export/cli/clock_app.py: extend": 66,
    "dsar_export/cli/clock_app.py: pause": 66,
    "dsar_export/cli/clock_app.py: resume": 66,
    "dsar_export/cli/lists_app.py: show": 66,
    "dsar_export/cli/lists_app.py: list_": 66,
    "dsar_export/cli/api_app.py: add": 65,
    "dsar_export/cli/api_app.py: list_": 65,
    "dsar_export/cli/api_app.py: revoke": 65,
    "dsar_export/cli/portal_app.py: open_": 65,
    "dsar_export/cli/portal_app.py: close": 65,
    "dsar_export/cli/portal_app.py: list_": 65,
    "dsar_export/cli/webhook_app.py: add": 65,
    "dsar_export/cli/webhook_app.py: list_": 65,
    "dsar_export/cli/webhook_app.py: end": 65,
    "dsar_export/cli/webhook_app.py: send": 65,
    "dsar_export/cli/staff_apps.py: add": 65,
    "dsar_export/cli/staff_apps.py: own": 65,
    "dsar_export/cli/staff_apps.py: roles": 65,
    "dsar_export/cli/staff_apps.py: disable": 65,
    "dsar_export/cli/staff_apps.py: account": 65,
    "dsar_export/cli/staff_apps.py: login": 65,
    "dsar_export/cli/staff_apps.py: list_": 65,
    "dsar_export/cli/staff_apps.py: show": 65,
    "dsar_export/cli/staff_apps.py: verify": 65,
    "dsar_export/cli/staff_apps.py: export": 65,
    "dsar_export/cli/overview_apps.py: evidence": 66,
    "dsar_export/cli/overview_apps.py: figures": 66,
    "dsar_export/cli/overview_apps.py: inbox": 66,
    "dsar_export/cli/mail_app.py: send": 65,
    "dsar_export/cli/mail_app.py: bounced": 65,
    "dsar_export/cli/mail_app.py: list_": 65,
    "dsar_export/cli/operating_apps.py: doctor": 65,
    "dsar_export/cli/operating_apps.py: hold": 65,
    "dsar_export/cli/operating_apps.py: purge": 65,
    "dsar_export/cli/operating_apps.py: upgrade": 65,
    "dsar_export/cli/operating_apps.py: restored": 65,
    "dsar_export/cli/operating_apps.py: rotate": 65,
    "dsar_export/cli/operating_apps.py: trail": 65,
}
# Words that make a name read like a translation: name the value instead (texts, lines, reasons, shown ...).
TRANSLATED_WORDS = {"told", "tell", "tells", "say", "said", "untold", "unsaid"}
TRANSLATED_PARTS = ("of_nothing", "of_nobody", "of_no_", "that_is_none")
# Names of tests are sentences and may use these two.
WORDS_OF_SENTENCES = {"says", "whose"}
# Names that are keys of data or of a public format, each with its reason.
NAMES_FIXED_ELSEWHERE: dict[str, str] = {}
NAMED_FOLDERS = sorted(FOLDERS - {"docs", "findings"})
LAYERS = {
    "cli", "web", "worker", "demo", "wiring", "use_cases", "requests", "delivery", "plugins", "register_check",
    "register_draft", "inspection", "logins", "identities", "export", "normalising", "sealing", "register", "settings",
    "language", "interfaces", "folding", "model", "errors", "testing",
}  # fmt: skip


def name(file: Path) -> str:
    return str(file.relative_to(ROOT))


def tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (n for n in ast.walk(tree(file)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef))


def test_there_are_files_to_look_at() -> None:
    assert len(SOURCES) > 50
    assert len(TESTS) > 20


def test_functions_import_only_where_it_saves_memory_or_time() -> None:
    hidden = {
        f"{name(file)}: {function.name}"
        for file in SOURCES
        for function in functions(file)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert hidden == IMPORT_WHEN_CALLED.keys()


def test_no_import_is_for_type_checking_only_or_by_name() -> None:
    hidden = [
        f"{name(file)}: {word}"
        for file in SOURCES
        for word in ("TYPE_CHECKING", "__import__", "import_module(")
        if word in file.read_text(encoding="utf-8")
    ]
    assert hidden == []


def test_no_file_is_longer_than_300_lines() -> None:
    lengths = {name(file): len(file.read_text(encoding="utf-8").splitlines()) for file in SOURCES}
    assert {file: length for file, length in lengths.items() if length > 300} == {}


def test_no_function_is_longer_than_45_lines() -> None:
    lengths = {
        f"{name(file)}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for file in SOURCES
        for function in functions(file)
    }
    assert {function: length for function, length in lengths.items() if length > 45} == {}


def test_no_module_has_a_vague_name() -> None:
    assert [name(file) for file in (*SOURCES, *TESTS) if {file.stem, file.parent.name} & VAGUE] == []


def test_every_module_has_a_docstring() -> None:
    assert [name(f) for f in SOURCES if f.stat().st_size and not ast.get_docstring(tree(f))] == []


def names(file: Path) -> Iterator[tuple[str, int]]:
    """The names that a file gives to functions, classes, parameters, variables and attributes, with their lines."""
    for node in ast.walk(tree(file)):
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name, node.lineno
            case ast.arg():
                yield node.arg, node.lineno
            case ast.Name(ctx=ast.Store()):
                yield node.id, node.lineno
            case ast.Attribute(ctx=ast.Store()):
                yield node.attr, node.lineno
            case (
                ast.ExceptHandler(name=str(bound))
                | ast.MatchAs(name=str(bound))
                | ast.MatchStar(name=str(bound))
            ):
                yield bound, node.lineno
            case ast.alias(asname=str(bound)):
                yield bound, node.lineno
            case _:
                pass


def reads_like_a_translation(text: str, *, in_tests: bool) -> bool:
    """Whether a name in snake_case or CamelCase has one of the words or parts above."""
    words = {w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", text)}
    banned = TRANSLATED_WORDS if in_tests else TRANSLATED_WORDS | WORDS_OF_SENTENCES
    return bool(words & banned) or any(part in text.lower() for part in TRANSLATED_PARTS)


@pytest.mark.parametrize(
    ("text", "in_tests", "found"),
    [
        ("_told", True, True), ("whatItTells", True, True), ("SAID_OF_ALL", True, True), ("UntoldRow", True, True),
        ("rows_of_nobody", True, True), ("TIME_OF_NO_ZONE", True, True), ("Whose", False, True),
        ("_says", False, True), ("test_a_row_whose_key_says_so", True, False), ("intelligible", False, False),
        ("essay", False, False), ("soldier", False, False), ("of_unknown_tenant", False, False),
    ],
)  # fmt: skip
def test_a_name_is_judged_by_its_words(text: str, in_tests: bool, found: bool) -> None:  # noqa: FBT001
    assert reads_like_a_translation(text, in_tests=in_tests) is found


@pytest.mark.parametrize("folder", NAMED_FOLDERS)
def test_no_name_reads_like_a_translation(folder: str) -> None:
    assert [
        f"{name(file)}:{line} {text}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        for text, line in names(file)
        if text not in NAMES_FIXED_ELSEWHERE and reads_like_a_translation(text, in_tests=folder == "tests")
    ] == []


def test_the_top_level_folders_are_those_of_the_design() -> None:
    ignored = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()}
    held = {e.name for e in ROOT.iterdir() if e.is_dir() and not e.name.startswith((".", "__"))}
    assert held - ignored <= FOLDERS
    assert {"dsar_export", "collectors", "renderers", "schemas", "tests"} <= held


def test_the_core_has_only_the_parts_that_the_design_names() -> None:
    # After a move, git leaves the old folder behind with its bytecode.
    parts = {
        e.stem
        for e in (ROOT / "dsar_export").iterdir()
        if not e.name.startswith("__") and (e.is_file() or any(e.glob("*.py")))
    }
    assert parts <= LAYERS


def test_the_wheel_holds_the_four_packages_and_nothing_else() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert tuple(project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]) == PACKAGES

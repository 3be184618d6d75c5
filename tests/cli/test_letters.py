"""`request letter` as staff run it: to standard output, as JSON, or into a new file."""

from pathlib import Path

import pytest

from tests.cli.commands import Run
from tests.renderers.report_pdf.drawing.readers import plain, poppler
from tests.worlds import SUBJECT

OPEN = ("request", "open", "--controller", "acme", "--right", "access", "--identifiers-file", "-", "--json")


@pytest.fixture
def reference(run: Run) -> str:
    return str(run(*OPEN, stdin=SUBJECT).json["reference"])


def template(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "register" / "letters" / "en" / "question.txt"
    path.parent.mkdir(parents=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_a_letter_is_printed_and_nothing_is_written(run: Run, reference: str, tmp_path: Path) -> None:
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    done = run("request", "letter", reference, "acknowledgement", "--language", "de")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("Acme Ltd\n1 High Street\nVereinigtes Königreich\nprivacy@example.org\n\n")
    assert f"Unser Zeichen: {reference}\n\nIhr Antrag ist bei uns eingegangen\n\nGuten Tag,\n\n" in done.out
    assert done.out.endswith("Mit freundlichen Grüßen\nAcme Ltd\n")
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_the_question_comes_from_standard_input_or_a_file(run: Run, reference: str, tmp_path: Path) -> None:
    piped = run(
        "request", "letter", reference, "question", "--text-file", "-", stdin="\u05d3\u05d5\u05d3?\n\nWhen?"
    )
    assert "\n\n\u05d3\u05d5\u05d3?\n\nWhen?\n\n" in piped.out
    file = tmp_path / "question.txt"
    file.write_text("Which shop?", encoding="utf-8")
    assert "\n\nWhich shop?\n\n" in run("request", "letter", reference, "question", "--text-file", file).out
    missing = run("request", "letter", reference, "question")
    assert missing.code != 0
    assert "question is missing; name a file with it" in missing.err


def test_the_object_has_kind_language_subject_and_paragraphs(run: Run, reference: str) -> None:
    done = run("request", "letter", reference, "question", "--text-file", "-", "--json", stdin="Which?")
    found = done.json
    assert list(found) == ["kind", "language", "subject", "paragraphs"]
    assert (found["kind"], found["language"]) == ("question", "en")
    assert "Which?" in found["paragraphs"]  # type: ignore[operator] # a list


def test_a_pdf_is_a_new_file_for_its_owner_alone(run: Run, reference: str, tmp_path: Path) -> None:
    file = tmp_path / "letter.pdf"
    done = run("request", "letter", reference, "acknowledgement", "--pdf", file)
    assert (done.code, done.out) == (0, f"letter  {file}\n")
    assert file.stat().st_mode & 0o777 == 0o600
    assert f"Our reference: {reference} We have received your request Hello," in plain(poppler(file))
    again = run("request", "letter", reference, "acknowledgement", "--pdf", file)
    assert again.code != 0
    assert "letter.pdf exists" in again.err
    entries = run("trail", "show", reference, "--json").json["entries"]
    assert [e["action"] for e in entries] == ["open", "letter"]  # type: ignore[attr-defined] # a list


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("refusals",), "there is no letter 'refusals'; nearest valid name: refusal"),
        (("refusal",), "is received; the letter refusal is for: refused"),
        (("complaint", "--on", "yesterday"), "a time has the form"),
        (("acknowledgement", "--language", "nl"), "no letters in 'nl'"),
    ],
)
def test_what_is_wrong_is_one_line(
    arguments: tuple[str, ...], problem: str, run: Run, reference: str
) -> None:
    done = run("request", "letter", reference, *arguments)
    assert done.code != 0
    assert done.out == ""
    assert problem in done.err
    assert done.err.count("\n") == 1


def test_a_complaint_is_dated_in_the_controllers_place(run: Run, reference: str) -> None:
    received = run("request", "show", reference, "--json").json["received_at"]
    done = run("request", "letter", reference, "complaint", "--on", str(received))
    assert "Your complaint about the request" in done.out


def test_check_finds_a_broken_template_and_the_letter_is_refused(
    run: Run, reference: str, tmp_path: Path
) -> None:
    path = template(tmp_path, "Subject\n\n{question}\n{reference.__class__}\n{time_limit}\n")
    checked = run("check", tmp_path / "register", "--json")
    assert checked.code == 1
    findings = checked.json["findings"]
    assert isinstance(findings, list)
    assert [(f["file"], f["key"]) for f in findings] == [(f"{path}:4", "braces")]
    done = run("request", "letter", reference, "question", "--text-file", "-", stdin="Which?")
    assert done.code != 0
    assert f"{path}:4: braces: " in done.err


def test_a_replaced_template_is_used(run: Run, reference: str, tmp_path: Path) -> None:
    template(tmp_path, "About {reference}\n\nDear customer,\n\n{question} {time_limit}\n")
    assert run("check", tmp_path / "register").code == 0
    done = run("request", "letter", reference, "question", "--text-file", "-", stdin="Which?")
    assert f"\n\nAbout {reference}\n\nDear customer,\n\nWhich? The time limit" in done.out

"""`request evidence`."""

import json
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from dsar_export.cli import terminal
from dsar_export.cli.desk import desk, services_of
from dsar_export.cli.exit_codes import ExitCode
from dsar_export.cli.progress import shown_progress
from dsar_export.delivery.new_file import new_file
from dsar_export.errors import WrongUseError, why_unreadable
from dsar_export.language.catalogue import has_catalogue, languages
from dsar_export.language.letter_words import language_of_dates
from dsar_export.use_cases.clocks import zone_in
from dsar_export.use_cases.desk import Desk
from dsar_export.use_cases.evidence import evidence_now, write_evidence
from dsar_export.use_cases.evidence_check import PartVerdict, compared, packages_with_manifest
from dsar_export.use_cases.evidence_json import BRITISH_ENGLISH, evidence_json
from dsar_export.use_cases.evidence_text import compared_lines, evidence_lines
from dsar_export.wiring import parts_of


@dataclass(frozen=True)
class EvidenceFiles:
    """Where the document goes and in which language its sentences are, or the files to check instead of writing one."""

    out: Path | None = None
    verify: Path | None = None
    manifest: Path | None = None
    language: str | None = None


def run_evidence(register: Path | None, reference: str, files: EvidenceFiles, *, as_json: bool) -> int:
    """Writes evidence, or checks what was written earlier."""
    if sum(file is not None for file in (files.out, files.verify, files.manifest)) > 1:
        raise WrongUseError("--out, --verify and --manifest exclude each other; choose one")
    if files.manifest is not None:
        return _manifest(desk(), reference, _bytes(files.manifest), as_json=as_json)
    if files.verify is not None:
        return _verified(register, reference, files.verify, as_json=as_json)
    return _written(register, reference, files.out, _language(files.language), as_json=as_json)


def _language(wanted: str | None) -> str:
    """The language of sentences: English, unless another one was asked for that we have."""
    if wanted is None:
        return BRITISH_ENGLISH
    if not has_catalogue(wanted):
        raise WrongUseError(f"no sentences in {wanted!r}; choose one of {', '.join(languages())}")
    return language_of_dates(wanted)


def _written(register: Path | None, reference: str, out: Path | None, language: str, *, as_json: bool) -> int:
    with ExitStack() as opened:
        # The file first: the trail must not have evidence that could not be written.
        file = None if out is None else opened.enter_context(new_file(out))
        with shown_progress() as progress:
            services = services_of(register, progress)
            found = write_evidence(desk(), services, parts_of(), reference)
        lines = evidence_lines(found, zone_in(services.register, found.request.controller), language)
        if file is None and as_json:
            terminal.print_json(evidence_json(found, language))
        elif file is None:
            sys.stdout.writelines(f"{line}\n" for line in lines)
        elif as_json:
            file.write(f"{json.dumps(evidence_json(found, language), indent=2)}\n".encode())
        else:
            file.writelines(f"{line}\n".encode() for line in lines)
    if out is not None and as_json:
        terminal.print_json({"reference": reference, "file": str(out)})
    elif out is not None:
        terminal.print_facts([("reference", reference), ("evidence", str(out))])
    return 0


def _verified(register: Path | None, reference: str, file: Path, *, as_json: bool) -> int:
    document = _document(file)
    with shown_progress() as progress:
        now = evidence_now(desk(), services_of(register, progress), parts_of(), reference)
    parts = compared(document, evidence_json(now))
    passed = all(part.verdict is not PartVerdict.DIFFERS for part in parts)
    if as_json:
        shown = [{"part": part.part, "verdict": part.verdict.value} for part in parts]
        terminal.print_json({"reference": reference, "passed": passed, "parts": shown})
    else:
        for line in compared_lines(parts):
            terminal.out().print(line)
        if not passed:
            terminal.fail(f"{file} is not what the database says; compare the parts that differ")
    return ExitCode.DONE if passed else ExitCode.PROBLEMS_FOUND


def _manifest(at_work: Desk, reference: str, manifest: bytes, *, as_json: bool) -> int:
    rights = packages_with_manifest(at_work, reference, manifest)
    if as_json:
        terminal.print_json(
            {"reference": reference, "passed": bool(rights), "rights": [r.value for r in rights]}
        )
    elif rights:
        named = ", ".join(rights)
        terminal.out().print(f"this manifest was in the package of {reference} for the right of {named}")
    else:
        terminal.fail(
            f"no package of {reference} had this manifest; name the tagmanifest-sha256.txt out of it"
        )
    return ExitCode.DONE if rights else ExitCode.PROBLEMS_FOUND


def _document(file: Path) -> Mapping[str, object]:
    try:
        found = json.loads(_bytes(file))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise WrongUseError(f"{file} is no JSON object; name a file that `request evidence --json` wrote")
    return found


def _bytes(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongUseError(f"{file}: can't be read ({why_unreadable(error)}); name another file") from None

"""A report in another language contains none of our English texts."""

import re
from dataclasses import replace

import pytest

from dsar_export.language.catalogue import Texts
from dsar_export.model.dataset import Logic
from dsar_export.model.identity import Identity, Reached, SharedIdentifiers
from dsar_export.model.left_out import LeftOut, LeftOutReason
from dsar_export.model.message import Message
from dsar_export.model.outcome import Answer, Gap, Reason
from dsar_export.model.package import Member, MemberRole, PackageContents, ReportChoices
from dsar_export.model.request import Identifier, Right
from dsar_export.model.schema import Code, FieldKind, Origin
from renderers.report_pdf.sections import locale
from renderers.report_pdf.sections.content import compose
from renderers.report_pdf.sections.locale import locale_for
from tests.builders import (
    changed,
    contents,
    dataset_answer,
    declared,
    not_covered,
    not_portable,
    promise_answer,
    schema_field,
)
from tests.renderers.report_pdf.telling import text_of, texts

ASCII_WORD = re.compile(r"[A-Za-z]{2,}")
PLACEHOLDER = re.compile(r"(\{\w+\})")


class Cyrillic:
    """A catalogue with every text: each of our letters becomes one that is nowhere in the data."""

    def gettext(self, text: str) -> str:
        parts = PLACEHOLDER.split(text)
        return "".join(p if PLACEHOLDER.fullmatch(p) else re.sub("[A-Za-z]", "ж", p) for p in parts)

    def ngettext(self, one: str, many: str, n: int) -> str:
        return self.gettext(one if n == 1 else many)


PROMISED = (
    promise_answer("1", Answer.PRESENT, records=3, datasets=("x",)),
    promise_answer("2", Answer.WITHHELD, datasets=("x",)),
    promise_answer("3", Answer.NOT_OBTAINED, datasets=("x",)),
    promise_answer("4", Answer.NONE_HELD, datasets=("z",)),
    promise_answer("5", Answer.NOT_SEARCHED, ground="6"),
    promise_answer("6", Answer.NOT_SEARCHED, elsewhere=True),
    replace(promise_answer("7", Answer.PRESENT, records=3, datasets=("x",)), not_covered=("w",)),
)


def everything(right: Right) -> PackageContents:
    """A package with as many different texts as possible."""
    fields = [
        schema_field("a", FieldKind.BOOLEAN, origin=Origin.OBSERVED),
        schema_field("b", FieldKind.BYTES, origin=Origin.DERIVED),
        schema_field("c", origin=Origin.ACQUIRED, codes=(Code("1", "One", "The first."),), masked=True),
        schema_field("d", codes=(Code("1", "One", "The first."),)),
        schema_field("at", FieldKind.INSTANT),
    ]
    rows = [{"a": True, "b": "AAAA", "c": "1234567", "d": "1", "at": "2025-01-01T00:00:00Z"}] * 3
    reasons = ((Reason("/1", "type"), 2),)
    first = dataset_answer(
        "x", rows, fields=fields, period_field="at", reasons=reasons, nonconforming=1, withheld=5
    )
    first = changed(
        first,
        kept_back=2,
        times_kept_beside=1,
        csv_cells_changed=2,
        marked=(("earlier_version", 1), ("deleted_in_source", 1), ("past_storage_period", 2)),
    )
    first = not_portable(first, "a", reason="")
    withheld = {"k": LeftOut(reason=LeftOutReason.WITHHELD, note="8")}
    gap = Gap("5", "x", Message("rows of {n}", (("n", "7"),)))
    logic = Logic(procedure="1", data_used=("2",), significance="3", decides_alone=True)
    made = contents(
        declared(replace(first, gaps=(gap,)), left_out=withheld, logic=logic),
        declared(dataset_answer("y", rows, fields=fields, purposes={"service": "A6-1-f"}), recipients=()),
        dataset_answer("z"),
        right=right,
        promises=PROMISED,
        left_out=withheld,
        identity=Identity(
            (Reached(Identifier("customer_id", "1042")), Reached(Identifier("shoe_size", "7"))),
            (SharedIdentifiers("email", 1),),
            candidates=2,
        ),
        report=ReportChoices(language="ru"),
    )
    return replace(made, not_covered=(not_covered(dataset_answer("w")),))


# Names in the register, the data and the files are not translated.
DATA_NAMES = re.compile(
    r"[\w./-]*\.(?:json|jsonld|csv|txt|pdf|md|html)\b|data/\w*/?|\S+@\S+|https?://\S+|[a-z]+_[a-z]+|R-2026-0042"
    r"|Europe/London|dsar-export"
)
DATA_WORDS = (
    "Example Shop Ltd High Street London Parcel Post plc Mailer Inc It brings your parcels sends our email Address "
    "and name only support desk login to the customer portal Accounts end of relationship Serving you We deliver "
    "what order Information Commissioner Office Privacy notice May looked at index data protection officer at "
    "AAAA type GMT"
)


@pytest.mark.parametrize("right", list(Right))
def test_none_of_our_texts_stays_english(right: Right, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locale, "texts", lambda tag: Texts(tag, Cyrillic()))  # type: ignore[arg-type] # acts as one
    notice = Member("data/gdpr-information.jsonld", 1, "0" * 64, MemberRole.DOCUMENT, "application/ld+json")

    shown = list(texts(compose(everything(right), (notice,))))

    assert len(shown) > 100
    foreign = {text: ASCII_WORD.findall(PLACEHOLDER.sub("", DATA_NAMES.sub("", text))) for text in shown}
    assert {word for words in foreign.values() for word in words} - set(DATA_WORDS.split()) == set()


def test_the_pages_are_numbered_in_the_language_by_whoever_draws_them() -> None:
    assert compose(contents(), ()).footer.numbering == "Page {page} of {pages}"


def test_dates_numbers_and_countries_are_written_as_the_language_does() -> None:
    rows = [{"at": "2025-02-03", "total": "1234.5"}]
    fields = [schema_field("at", FieldKind.DATE), schema_field("total", FieldKind.DECIMAL)]
    orders = dataset_answer("orders", rows, fields=fields, period_field="at")

    text = text_of(contents(orders, report=ReportChoices(language="de")))

    assert "3. Feb. 2025" in text or "03.02.2025" in text
    assert "1.234,5" in text
    assert "Vereinigtes Königreich" in text


def test_plain_english_writes_the_day_before_the_month() -> None:
    report = compose(contents(), ())

    assert report.language == "en-GB"
    assert compose(contents(report=ReportChoices(language="en-IE")), ()).language == "en-IE"
    assert compose(contents(report=ReportChoices(language="fr")), ()).language == "fr"


def test_a_message_is_filled_with_its_arguments() -> None:
    english = locale_for(contents())

    assert english.message_text(Message("{n} rows", (("n", "7"),))) == "7 rows"


@pytest.mark.parametrize("typed", ["{names} {0}", "{", "}", "%s %(x)s", "a\ud800b", "\n\n", ""])
def test_texts_of_the_register_are_never_used_as_format_strings(typed: str) -> None:
    code = Code(typed, typed, typed)
    odd = dataset_answer(
        "odd",
        [{"id": typed}],
        title=typed,
        fields=[schema_field("id", title=typed or " ", codes=(code,))],
        purposes={"service": typed},
        nonconforming=1,
        withheld=1,
        reasons=((Reason(typed, typed), 1),),
    )
    odd = declared(odd, recipients=(typed,), obtained_from=(typed,), storage_period=typed)
    package = contents(
        odd,
        promises=(promise_answer(typed, Answer.NOT_SEARCHED, ground=typed),),
        gaps=(
            Gap(typed, typed, Message("{x}", (("x", typed),))),
            Gap("shop_database", "odd", Message("{x}", (("x", typed),))),
        ),
        email=typed,
        identity=Identity((Reached(Identifier(typed, typed)),), (SharedIdentifiers(typed, 1),)),
    )

    shown = list(texts(compose(package, ())))

    assert typed in shown
    assert "The records" in shown


def test_a_companion_field_has_a_title_in_the_reports_language() -> None:
    fields = [
        replace(schema_field("state_code"), code_of="Tea"),
        replace(schema_field("at_as_stored"), stands_beside="Teatime"),
    ]
    answer = dataset_answer("x", [{"state_code": "7", "at_as_stored": None}], fields=fields)
    text = text_of(contents(answer, report=ReportChoices(language="de")))
    assert "Tea, als Code" in text
    assert "Teatime, wie gespeichert" in text

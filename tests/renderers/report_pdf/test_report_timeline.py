"""The relationship over time, as a figure and in the same words."""

from dataclasses import replace

from dsar_export.model.outcome import Digest
from dsar_export.model.package import DatasetAnswer
from renderers.report_pdf.blocks import Timeline
from renderers.report_pdf.sections.content import compose
from tests.builders import contents, dataset_answer
from tests.renderers.report_pdf.telling import section_of, titles_of

OVER_TIME = "Your data over time"


def dated(name: str, **months: int) -> DatasetAnswer:
    counts = {month[1:].replace("_", "-"): n for month, n in months.items()}
    return replace(dataset_answer(name, [{"id": "1"}]), digest=Digest(counts))


ORDERS = dated("orders", m2019_01=1000, m2019_12=200, m2021_03=1)


def test_the_words_match_the_figure() -> None:
    text = section_of(OVER_TIME, contents(ORDERS, dated("visits", m2024_07=5)))

    assert "Orders: from Jan 2019 to Mar 2021; by year: 2019 1,200; 2021 1." in text
    assert "Visits: from Jul 2024 to Jul 2024; by year: 2024 5." in text


def test_the_figure_has_each_dataset_that_names_a_time() -> None:
    report = compose(contents(dataset_answer("notes", [{"id": "1"}]), ORDERS), ())

    (figure,) = (b for s in report.sections for b in s.blocks if isinstance(b, Timeline))
    assert figure.series == (("Orders", {"2019-01": 1000, "2019-12": 200, "2021-03": 1}),)


def test_without_any_time_there_is_no_figure() -> None:
    assert OVER_TIME not in titles_of(contents(dataset_answer("notes", [{"id": "1"}])))


def test_many_years_and_many_datasets_are_bounded_in_words() -> None:
    long = {f"m{year}_01": 1 for year in range(1900, 2000)}
    many = [dated(f"set{n}", **long) for n in range(90)]

    text = section_of(OVER_TIME, contents(*many))

    assert "Set0: from Jan 1900 to Jan 1999; by year: before 1975 75; 1975 1; 1976 1" in text
    assert text.count("by year: before 1975 75") == 90


def test_a_figure_has_no_more_lines_than_can_be_read() -> None:
    package = contents(*(dated(f"set{n}", m2025_01=1) for n in range(60)))

    blocks = [b for s in compose(package, ()).sections for b in s.blocks if isinstance(b, Timeline)]

    assert [len(block.series) for block in blocks] == [25, 25, 10]
    assert all(title in block.alternative for block in blocks for title, _ in block.series)

"""The rarest origin comes first: derived data with its logic, then acquired data with its sources."""

from dsar_export.model.dataset import Logic
from dsar_export.model.package import DatasetAnswer
from dsar_export.model.schema import Origin
from tests.builders import contents, dataset_answer, declared, schema_field
from tests.renderers.report_pdf.telling import section_of, text_of, titles_of

LOGIC = Logic(
    procedure="We count what you buy.",
    data_used=("your orders of two years", "your returns"),
    significance="You get offers that fit.",
)


def held(name: str, *origins: Origin) -> DatasetAnswer:
    fields = [schema_field(f"f{n}", origin=origin) for n, origin in enumerate(origins)]
    return dataset_answer(name, [{f.name: "x" for f in fields}], fields=fields)


def test_datasets_are_grouped_by_main_origin_rarest_first_and_sorted_by_its_share() -> None:
    package = contents(
        held("name", Origin.PROVIDED),
        held("visits", Origin.OBSERVED, Origin.PROVIDED),
        held("profile", Origin.PROVIDED, Origin.PROVIDED, Origin.DERIVED),
        held("score", Origin.PROVIDED, Origin.DERIVED),
        held("agency", Origin.ACQUIRED, Origin.OBSERVED),
        held("segment", Origin.DERIVED, Origin.ACQUIRED),
    )

    titles = titles_of(package)

    assert titles[
        titles.index("What we worked out about you (derived data)") : titles.index("Your rights")
    ] == [
        *("What we worked out about you (derived data)", "Score", "Segment"),
        *("What others gave us (acquired data)", "Agency"),
        *("What we recorded while you used our services (observed data)", "Visits"),
        *("What you gave us (provided data)", "Name", "Profile"),
    ]
    listed = section_of("What is here", package)
    names = ("Score", "Segment", "Agency", "Visits", "Name", "Profile")
    assert sorted(names, key=listed.index) == list(names)


def test_marks_do_not_count_for_the_main_origin() -> None:
    fields = [schema_field("id"), schema_field("past_storage_period", origin=Origin.DERIVED)]
    package = contents(dataset_answer("orders", [{"id": "1", "past_storage_period": "x"}], fields=fields))

    assert "What you gave us (provided data)" in titles_of(package)
    assert "What we worked out about you (derived data)" not in titles_of(package)
    assert "How it was worked out" not in section_of("Orders", package)


def test_derived_data_is_shown_with_its_logic() -> None:
    text = section_of("Score", contents(declared(held("score", Origin.DERIVED), logic=LOGIC)))

    assert "How it was worked out We count what you buy." in text
    assert "From which data your orders of two years your returns" in text
    assert "What it means for you You get offers that fit." in text
    assert "Who decides Not a machine alone" in text


def test_automated_decisions_are_shown_with_the_right_to_a_person() -> None:
    logic = Logic(procedure="p", data_used=("d",), significance="s", decides_alone=True)
    package = contents(declared(held("score", Origin.DERIVED), logic=logic))

    assert "Who decides A machine alone. You can have a person review it" in section_of("Score", package)
    rights = section_of("Your rights", package)
    assert "A machine alone decides on the basis of: Score. You have the right to a person" in rights
    assert "(Art. 22(3) UK GDPR)" in rights
    assert "A machine alone" not in text_of(contents(declared(held("score", Origin.DERIVED), logic=LOGIC)))


def test_acquired_data_is_shown_with_its_source() -> None:
    agency = declared(held("agency", Origin.ACQUIRED), obtained_from=("Credit Bureau Ltd", "Land registry"))

    assert "Who gave it to us Credit Bureau Ltd Land registry" in section_of("Agency", contents(agency))


def test_a_missing_logic_or_source_in_the_register_is_reported() -> None:
    text = section_of("Both", contents(held("both", Origin.DERIVED, Origin.ACQUIRED)))

    assert "How it was worked out Our register does not say for: F0. Please ask us." in text
    assert "Who gave it to us Our register names no source for: F1." in text


def test_an_empty_dataset_shows_neither_logic_nor_source() -> None:
    fields = [schema_field("id", origin=Origin.DERIVED)]
    empty = declared(dataset_answer("score", fields=fields), logic=LOGIC, obtained_from=("Bureau",))

    text = text_of(contents(empty))

    assert "We count what you buy." not in text
    assert "Bureau" not in text

"""Why, for whom and how long: bases of Art. 6, storage periods, and earlier terms."""

from pathlib import Path

import pytest

from tests.register_check.changed import begins, changed, findings, problems

NO_BASES = ["prevention of fraud", "public information", "legal claims"]  # the notice's own words


def bases(**named: str) -> tuple[str, str]:
    """The register with a table of bases."""
    lines = "".join(f'"{name}" = "{article}"\n' for name, article in named.items())
    return "[purposes.service]", f"[bases]\n{lines}\n[purposes.service]"


def earlier(**changes: str) -> tuple[str, str]:
    """The dataset with terms that applied until 2020."""
    terms = {
        "until": "2020-01-01",
        "purposes": '{ service = "A6-1-a" }',
        "storage_period": '"short"',
        "recipients": "[]",
        **changes,
    }
    lines = "".join(f"{key} = {value}\n" for key, value in terms.items())
    return "[fields]", f"[[earlier]]\n{lines}\n[fields]"


@pytest.mark.parametrize("named", NO_BASES)
def test_a_basis_that_is_not_in_article_6_must_be_mapped(named: str, tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, dataset=('"A6-1-b"', f'"{named}"')))
    assert found.startswith(f"records.toml: purposes.service: unknown legal basis {named!r}; ")
    assert "map that name to an article of Art. 6 under [bases]" in found


@pytest.mark.parametrize("named", NO_BASES)
def test_a_basis_that_is_mapped_to_article_6_is_valid(named: str, tmp_path: Path) -> None:
    made = changed(tmp_path, register=bases(**{named: "A6-1-f"}), dataset=('"A6-1-b"', f'"{named}"'))
    assert problems(made) == []


@pytest.mark.parametrize("article", ["A9-2-f", "A6-1-x", "A6", "legitimate interests", ""])
def test_a_basis_is_mapped_to_article_6_and_to_nothing_else(article: str, tmp_path: Path) -> None:
    named = "prevention of fraud"
    found = problems(
        changed(tmp_path, register=bases(**{named: article}), dataset=('"A6-1-b"', f'"{named}"'))
    )
    assert found[0].startswith(f"register.toml: bases.{named}: unknown basis of Art. 6 {article!r}; ")


def test_a_basis_that_no_dataset_rests_on_is_still_checked(tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, register=bases(habit="A6-1-z")))
    assert found.startswith("register.toml: bases.habit: unknown basis of Art. 6 'A6-1-z'; ")


def test_earlier_terms_that_lead_somewhere_are_no_finding(tmp_path: Path) -> None:
    assert problems(changed(tmp_path, dataset=earlier())) == []


@pytest.mark.parametrize(
    ("key", "value", "finding"),
    [
        ("purposes", '{ servise = "A6-1-a" }', "purposes: unknown purpose 'servise'; nearest valid name: service"),
        ("purposes", '{ service = "habit" }', "purposes.service: unknown legal basis 'habit'; "),
        ("purposes", "{}", "purposes: a dataset needs at least one purpose"),
        ("recipients", '["carrier"]', "recipients: unknown recipient 'carrier'; valid names: none"),
        ("storage_period", '"shrt"', "storage_period: unknown storage period 'shrt'; nearest valid name: short"),
    ],
)  # fmt: skip
def test_a_broken_reference_of_earlier_terms_is_found_at_its_place(
    key: str, value: str, finding: str, tmp_path: Path
) -> None:
    (found,) = problems(changed(tmp_path, dataset=earlier(**{key: value})))
    assert found.startswith(f"records.toml: earlier.0.{finding}")


def test_recipients_that_nobody_decided_on_are_a_warning_with_file_and_key(tmp_path: Path) -> None:
    change = {"recipients = []\n": "", earlier()[0]: earlier()[1].replace("recipients = []\n", "")}
    found = findings(changed(tmp_path, dataset=change))
    assert [(Path(f.where).name, f.key, f.warning) for f in found] == [
        ("records.toml", "recipients", True),
        ("records.toml", "earlier.0.recipients", True),
    ]
    assert all("recipients = []" in f.problem for f in found)


@pytest.mark.parametrize("duration", ["P7Y", "P18M", "P6W", "P90D", "P1Y6M2W3D"])
def test_a_duration_of_whole_days_is_one(duration: str, tmp_path: Path) -> None:
    assert problems(changed(tmp_path, register=('"P1Y"', f'"{duration}"'))) == []


@pytest.mark.parametrize("duration", ["7 years", "P", "", "PT12H", "P1.5Y", "P1D1Y", "-P1Y", "P1Y\\n"])
def test_a_duration_that_nobody_can_count_is_found(duration: str, tmp_path: Path) -> None:
    (found,) = problems(changed(tmp_path, register=('"P1Y"', f'"{duration}"')))
    assert found.startswith("register.toml: storage_periods.short.duration: duration must be ISO 8601 in ")


@pytest.mark.parametrize("field", ["at", "day"])
def test_a_storage_period_starts_at_a_mapped_time(field: str, tmp_path: Path) -> None:
    assert problems(changed(tmp_path, dataset=("order_by", f'storage_starts = "{field}"\norder_by'))) == []


@pytest.mark.parametrize(
    ("field", "mapping"),
    [
        ("text", 'text = { column = "text" }'),
        ("nowhere", 'text = { column = "text" }'),
        (
            "day",
            'day = { value = "2020-01-01" }',
        ),  # the same for every row, so it can't be the start of a period
    ],
)
def test_a_storage_period_that_starts_at_no_mapped_time_is_found(
    field: str, mapping: str, tmp_path: Path
) -> None:
    starts = {"order_by": f'storage_starts = "{field}"\norder_by'}
    if field == "day":
        starts |= {'day = { column = "day" }': mapping}
    found = problems(changed(tmp_path, dataset=starts))
    assert found[0].startswith(f"records.toml: storage_starts: unknown mapped date or time {field!r}; ")


def test_both_faults_of_a_dataset_are_reported_at_once(tmp_path: Path) -> None:
    made = changed(tmp_path, dataset={'= "short"': '= "shrt"', '"A6-1-b"': '"habit"'})
    assert begins(problems(made), "records.toml: purposes.service: ", "records.toml: storage_period: ")


@pytest.mark.parametrize("name", ["drafts", "requests", "trail"])
def test_the_periods_of_the_tools_own_records_are_durations(name: str, tmp_path: Path) -> None:
    def own(duration: str) -> tuple[str, str]:
        return "[sources.main]", f'[controllers.acme.own_records]\n{name} = "{duration}"\n\n[sources.main]'

    (found,) = problems(changed(tmp_path, register=own("PT36H")))
    assert found.startswith(
        f"register.toml: controllers.acme.own_records.{name}: duration must be ISO 8601 in "
    )
    assert problems(changed(tmp_path / "right", register=own("P2Y"))) == []

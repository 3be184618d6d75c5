"""The schema of a dataset's records, as the register maps it."""

from dataclasses import replace

from dsar_export.export.mapped_schema import mapped_schema
from tests.export.rows import dataset, register


def test_a_dataset_may_have_a_title_of_its_own_where_several_share_a_schema() -> None:
    shared = register().schemas["records"]
    titled = mapped_schema(replace(dataset(), title="What the desk wrote"), shared)
    assert (titled.title, titled.document["title"]) == ("What the desk wrote", "What the desk wrote")
    assert mapped_schema(dataset(), shared).title == shared.title

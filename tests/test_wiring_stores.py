"""Where Drafts and packages lie, as settings say it."""

from pathlib import Path

import pytest

from dsar_export.delivery.folder_store import FolderStore
from dsar_export.delivery.s3_store import S3Store
from dsar_export.errors import WrongUseError
from dsar_export.settings import Settings, read_settings
from dsar_export.wiring.desk import premises_of

DRAFTS, PACKAGES = "s3://bucket/drafts", "s3://bucket/packages"


def settings(monkeypatch: pytest.MonkeyPatch, folder: Path, **given: str) -> Settings:
    monkeypatch.chdir(folder)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return read_settings()


def test_without_settings_both_are_folders_and_with_them_a_folder_is_another_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    found = premises_of(settings(monkeypatch, tmp_path, DSAR_PACKAGE_STORE="elsewhere"))
    assert found.drafts.store == FolderStore(Path("dsar-state/drafts"))
    assert (found.packages.folder, found.packages.place) == (Path("elsewhere"), "elsewhere")


def test_each_may_lie_in_s3_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = premises_of(settings(monkeypatch, tmp_path, DSAR_DRAFT_STORE=DRAFTS))
    assert isinstance(found.drafts.store, S3Store)
    assert (found.drafts.folder, found.drafts.place) == (None, DRAFTS)
    assert isinstance(found.packages.store, FolderStore)


@pytest.mark.parametrize(
    ("given", "advice"),
    [
        ({"DSAR_DRAFT_STORE": DRAFTS, "DSAR_PACKAGE_STORE": DRAFTS}, "are the same; add a prefix to each"),
        ({"DSAR_PACKAGE_STORE": "gs://bucket"}, "DSAR_PACKAGE_STORE is a folder, or has the form s3://"),
        (
            {"DSAR_DRAFT_STORE": DRAFTS, "AWS_ENDPOINT_URL": "http://s3.example.org"},
            "DSAR_S3_ALLOW_HTTP=true",
        ),
        ({"DSAR_DRAFT_STORE": DRAFTS, "AWS_ACCESS_KEY_ID": "key"}, "go together"),
    ],
)
def test_what_can_not_be_right_is_refused_before_anything_is_asked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, given: dict[str, str], advice: str
) -> None:
    read = settings(monkeypatch, tmp_path, **given)
    with pytest.raises(WrongUseError, match=advice):
        premises_of(read)

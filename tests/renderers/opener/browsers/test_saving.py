"""What is saved is what is in the package; the report is shown; a file can be dropped."""

from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.conformance.unpacked import package
from tests.renderers.opener.browsers.browser import Browser, keep_picture, until
from tests.renderers.opener.browsers.reader import Reader
from tests.worlds import PASSPHRASE, open_package

ORDERS_CSV = "data/csv/orders.csv"

DROP = """
(() => {
  const dragged = new DataTransfer();
  dragged.items.add(document.querySelector('#dragged').files[0]);
  for (const kind of ['dragover', 'drop'])
    document.body.dispatchEvent(new DragEvent(kind, {dataTransfer: dragged, bubbles: true, cancelable: true}));
  return dragged.files.length;
})()
"""


def saved(browser: Browser, name: str) -> bytes:
    """The bytes of a file once it is whole."""
    sizes: list[int] = []

    def whole() -> Path | None:
        browser.evaluate("1")  # Playwright saves while something is asked of it
        file = browser.saved / name
        sizes.append(file.stat().st_size if file.exists() else 0)
        return file if sizes[-1] and sizes[-3:] == sizes[-1:] * 3 else None

    return until(whole, f"{name} is saved").read_bytes()


@pytest.mark.one_browser
def test_a_file_a_dataset_and_everything_are_saved_as_they_are_in_the_package(reader: Reader) -> None:
    members = open_package(package("demo")).members
    reader.opens(package("demo"))
    reader.goes("Your orders")
    reader.column("Order number")
    reader.browser.click("button", "Save as CSV")
    assert saved(reader.browser, "orders.csv") == members[ORDERS_CSV]
    reader.goes("Files")
    reader.browser.click("button", "Save data/json/orders.json")
    assert saved(reader.browser, "orders.json") == members["data/json/orders.json"]
    reader.browser.click("button", "Save everything")
    name = reader.browser.evaluate("document.querySelector('[data-save$=\"-unencrypted.zip\"]').dataset.save")
    with ZipFile(BytesIO(saved(reader.browser, str(name)))) as archive:
        assert archive.testzip() is None
        assert {each: archive.read(each) for each in archive.namelist()} == members


@pytest.mark.one_browser
def test_the_report_is_shown_in_the_page_and_closed_again(reader: Reader) -> None:
    reader.opens(package("demo"))
    reader.goes("Files")
    reader.browser.click("button", "Open the report")
    frame = "document.querySelector('iframe.report-frame')"
    source = until(lambda: reader.browser.evaluate(f"{frame}?.src ?? null"), "the report")
    assert str(source).startswith("blob:")
    keep_picture(reader.browser, f"report-{reader.browser.name}")
    reader.browser.click("button", "Save the report")
    assert saved(reader.browser, "report.pdf") == open_package(package("demo")).members["report.pdf"]
    reader.browser.click("button", "Close the report")
    assert reader.browser.evaluate(f"{frame} === null")


@pytest.mark.one_browser
def test_a_file_that_is_dropped_on_the_page_is_the_one_that_is_opened(reader: Reader) -> None:
    browser = reader.comes().browser
    browser.evaluate(
        "void document.body.append(Object.assign(document.createElement('input'),"
        " {type: 'file', id: 'dragged', ariaLabel: 'dragged'}))"
    )
    browser.pick(package("nothing_held"), "dragged")
    assert browser.evaluate("document.querySelector('#chosen').textContent") == ""
    assert browser.evaluate(DROP) == 1
    assert package("nothing_held").name in reader.reads()
    browser.type("textbox", "Passphrase", PASSPHRASE)
    browser.press("Escape", "Enter")
    assert "Complete and unchanged" in reader.checked()

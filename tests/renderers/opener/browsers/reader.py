"""What a person does with the page, in the words that it shows in English."""

from pathlib import Path
from typing import Final

from tests.renderers.opener.browsers.browser import Browser, text_of, until, until_text
from tests.renderers.opener.node import BUILT
from tests.worlds import PASSPHRASE

FROM_DISK: Final = BUILT.as_uri()


class Reader:
    """Somebody with a package, its page and a passphrase."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser

    def comes(self, address: str = FROM_DISK) -> "Reader":
        """Opens the page, in English whatever the browser speaks."""
        self.browser.open(address)
        until(lambda: self.browser.evaluate("document.querySelector('#passphrase') !== null"), "the page")
        self.speaks("en")
        return self

    def speaks(self, language: str) -> None:
        """Chooses a language."""
        self.browser.evaluate(
            "(() => { const select = document.querySelector('#language');"
            f"select.value = '{language}'; select.dispatchEvent(new Event('change', {{bubbles: true}})); return 1 }})()"
        )

    def tries(self, package: Path, passphrase: str = PASSPHRASE) -> "Reader":
        """Picks a file, types a passphrase and opens."""
        self.browser.pick(package)
        until_text(self.browser, package.name)
        self.browser.type("textbox", "Passphrase", passphrase)
        self.browser.press("Escape", "Enter")
        return self

    def opens(self, package: Path, passphrase: str = PASSPHRASE, address: str = FROM_DISK) -> str:
        """Opens a package, waits until it is checked, and reads the first page."""
        self.comes(address).tries(package, passphrase)
        return self.checked()

    def checked(self, seconds: float = 60) -> str:
        """Waits until every file was checked, and reads the first page."""
        until(self.verdict, "a verdict on the package", seconds)
        return self.reads()

    def verdict(self) -> str | None:
        """`complete` or `incomplete`, once nothing is left to check."""
        found = self.browser.evaluate(
            "document.querySelector('#check progress') ? null"
            " : document.querySelector('#check-badge')?.dataset.check ?? null"
        )
        return None if found in {None, "checking"} else str(found)

    def refused(self) -> str:
        """Waits for what the page says of a file or a passphrase that does not open, and reads it."""
        refusal = "document.querySelector('#trouble')?.textContent || null"
        return str(until(lambda: self.browser.evaluate(refusal), "a refusal"))

    def reads(self) -> str:
        """All that is shown."""
        return text_of(self.browser)

    def goes(self, to: str) -> None:
        """Chooses in the navigation."""
        self.browser.click("button", to)

    def searches(self, text: str) -> str:
        """Searches everything, and reads what was found."""
        self.goes("Search")
        self.browser.type("textbox", "Search all data", text)

        def answered() -> str | None:
            status = str(self.browser.evaluate("document.querySelector('#search-status').textContent"))
            return status if status.startswith(("Found", "Nothing was found")) else None

        until(answered, f"an answer to {text!r}")
        return self.reads()

    def cells(self) -> list[list[str]]:
        """The rows of the table that can be seen, as texts."""
        found = self.browser.evaluate(
            "[...document.querySelectorAll('#records .grid-body [role=row]')].filter((row) => !row.hidden)"
            ".sort((a, b) => a.ariaRowIndex - b.ariaRowIndex)"
            ".map((row) => [...row.children].map((cell) => cell.textContent))"
        )
        assert isinstance(found, list)
        return found

    def column(self, title: str) -> list[str]:
        """The cells of a column that can be seen, once no row is empty."""
        titles = self.browser.evaluate(
            "[...document.querySelectorAll('#records .column-title')].map((each) => each.textContent)"
        )
        assert isinstance(titles, list)
        at = titles.index(title)

        def filled() -> list[str] | None:
            rows = self.cells()
            return [row[at] for row in rows] if rows and all(any(row) for row in rows) else None

        return until(filled, f"the column {title!r}")

    def opens_record(self, row: int) -> str:
        """Opens a record of the table by the keyboard, and reads it."""
        self.browser.evaluate("document.querySelector('#records').focus()")
        self.browser.press(*["ArrowDown"] * row, "Enter")
        dialog = "document.querySelector('#record h2') && document.querySelector('#record').innerText"
        return str(until(lambda: self.browser.evaluate(dialog), "a record"))

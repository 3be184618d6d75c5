"""How to take data to another controller (Art. 20)."""

from collections.abc import Iterator

from dsar_export.model.package import PackageContents
from renderers.report_pdf.blocks import Block, Bullets
from renderers.report_pdf.sections.locale import Locale


def handing_on(contents: PackageContents, locale: Locale) -> Iterator[Block]:
    """What to hand on, what a new controller needs, and that we can send the data directly."""
    yield Bullets(
        (
            locale.phrase(
                "Unpack the package, and hand on the folder data/ with datapackage.json: each dataset is there as "
                "JSON and as CSV, with a JSON Schema that says what each field means."
            ),
            locale.phrase(
                "This report and the manifest files need not go with it. Whoever takes your data over needs "
                "neither our software nor our passphrase."
            ),
            locale.phrase(
                "You may ask us to send your data to them directly, where that is technically feasible "
                "(Art. 20(2) GDPR): {contact}, with the reference {reference}.",
                contact=contents.controller.contact,
                reference=contents.request.reference,
            ),
            locale.phrase(
                "Nothing is erased here because you take it elsewhere, and what we do for you goes on "
                "(Art. 20(3) GDPR)."
            ),
        )
    )

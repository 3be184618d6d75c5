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
                "Unpack the package, and pass on the folder data/ with datapackage.json. Each dataset is there "
                "as JSON and as CSV, with a JSON Schema that explains each field."
            ),
            locale.phrase(
                "You can leave out this report and the manifest files. Whoever takes your data over needs "
                "neither our software nor the passphrase."
            ),
            locale.phrase(
                "You can ask us to send your data there directly, where that is technically feasible (Art. 20(2) "
                "{gdpr}): {contact}, with the reference {reference}.",
                contact=contents.controller.contact,
                reference=contents.request.reference,
            ),
            locale.phrase(
                "Taking your data elsewhere erases nothing here, and our services to you continue (Art. 20(3) "
                "{gdpr})."
            ),
        )
    )

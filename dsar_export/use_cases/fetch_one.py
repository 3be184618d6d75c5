"""One package of a request for staff, sent piece by piece instead of copied to a folder."""

from dsar_export.errors import WrongUseError
from dsar_export.model.people import Role
from dsar_export.model.request import Right
from dsar_export.requests.packages import packages_of
from dsar_export.use_cases.compared import StoredPackage, compared, read_compared, size_of
from dsar_export.use_cases.desk import Act, Desk
from dsar_export.use_cases.downloads import Download
from dsar_export.use_cases.fetch import file_name_of


def fetch_one(desk: Desk, reference: str, right: Right) -> Download:
    """Compares a package with its hash, then hands it out; the trail names who fetched it.

    PackageUnreadableError if it is another one: then nothing is handed out, and the inbox of staff has it.
    """
    with desk.looking() as act:
        package, name = _package(act, reference, right)
    blocks = compared(desk, package).blocks
    with desk.acting() as act:
        if _package(act, reference, right)[0] != package:
            raise WrongUseError(f"{reference} was built again meanwhile; fetch its package again")
        request = act.request(reference, Role.AGENT, Role.REVIEWER)
        act.note("fetch", request, right=right, package=package.sha256)
    return Download(
        reference,
        right,
        name,
        package.sha256,
        size_of(desk.packages, package),
        lambda start, length: read_compared(desk, package, blocks, start)[:length],
    )


def may_go_on_fetching(desk: Desk, found: Download) -> bool:
    """Whether the package still counts, and whoever fetches it may still have it."""
    with desk.looking() as act:
        try:
            return _package(act, found.reference, found.right)[0].sha256 == found.sha256
        except WrongUseError:
            return False


def _package(act: Act, reference: str, right: Right) -> tuple[StoredPackage, str]:
    """The package as it is stored, and what it is called outside."""
    act.request(reference, Role.AGENT, Role.REVIEWER)
    published = packages_of(act.connection, [reference]).get(reference, ())
    for each in published:
        if each.right is right and each.file is not None:
            return StoredPackage(reference, right, each.file, each.sha256, each.size), file_name_of(each)
    raise WrongUseError(
        f"{reference} has no package for {right} {'any more; its hash is kept' if published else 'yet'}; "
        "the request shows what is possible now"
    )

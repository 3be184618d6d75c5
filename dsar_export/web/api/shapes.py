"""The JSON that the API takes and returns; nothing that it returns names a person."""

from datetime import date, datetime
from typing import Annotated, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from dsar_export.model.intake import Channel
from dsar_export.model.request import Identifier, Right
from dsar_export.requests.states import State
from dsar_export.use_cases.hand_out import HandedLinks
from dsar_export.use_cases.look_up import RequestInList
from dsar_export.use_cases.take_in import Intake

REFERENCE = r"^DSAR-[0-9]{8}-[0-9A-Z]{8}$"
Word = Annotated[str, Field(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_.-]+$")]


class GivenIdentifier(BaseModel):
    """What the person is known by."""

    model_config = ConfigDict(extra="forbid")

    kind: Word
    value: Annotated[
        str,
        Field(min_length=1, max_length=500, pattern=r"^[^\x00-\x20\x7f][^\x00-\x1f\x7f]*$"),
    ]


class OpenRequest(BaseModel):
    """A request that arrived."""

    model_config = ConfigDict(extra="forbid")

    rights: Annotated[list[Right], Field(min_length=1, max_length=2)]
    controller: Word
    identifiers: Annotated[list[GivenIdentifier], Field(min_length=1, max_length=20)]
    channel: Channel = Channel.PORTAL
    language: Word | None = None
    subject: Word | None = None
    received_at: AwareDatetime | None = None

    def intake(self, now: datetime) -> Intake:
        return Intake(
            tuple(self.rights),
            self.controller,
            self.channel,
            self.received_at or now,
            tuple(Identifier(each.kind, each.value) for each in self.identifiers),
            self.language,
            subject=self.subject,
        )


class GivenLogin(BaseModel):
    """A login of the person: a signed JWT of the organisation's identity provider."""

    model_config = ConfigDict(extra="forbid")

    login: Annotated[
        str, Field(max_length=16_384, pattern=r"^[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+$", repr=False)
    ]


class ChosenRequests(BaseModel):
    """Which requests a page has; a parameter with a typing error must not choose others in silence."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[list[State], Field(max_length=len(State))] = []
    right: Right | None = None
    after: Annotated[str, Field(pattern=f"{REFERENCE}|^$")] = ""
    limit: Annotated[int, Field(ge=1, le=200)] = 100


class BuiltPackage(BaseModel):
    """A package that can be, or could be, downloaded."""

    right: Right
    sha256: str
    size: int | None
    published_at: datetime
    erased: bool


class ShownRequest(BaseModel):
    """Where a request stands."""

    reference: Annotated[str, Field(pattern=REFERENCE)]
    state: State
    rights: list[Right]
    controller: str
    channel: Channel
    language: str
    received_at: datetime
    opened_at: datetime
    changed_at: datetime
    ended_at: datetime | None
    due: date | None
    due_at_the_earliest: bool
    overdue: bool
    packages: list[BuiltPackage]

    @classmethod
    def of(cls, each: RequestInList) -> Self:
        listed, due = each.request, each.due
        return cls(
            reference=listed.reference,
            state=listed.state,
            rights=list(listed.rights),
            controller=listed.controller,
            channel=listed.channel,
            language=listed.language,
            received_at=listed.received_at,
            opened_at=listed.opened_at,
            changed_at=listed.changed_at,
            ended_at=listed.ended_at,
            due=None if due is None else due.day,
            due_at_the_earliest=due is not None and due.at_the_earliest,
            overdue=each.overdue,
            packages=[
                BuiltPackage(
                    right=package.right,
                    sha256=package.sha256,
                    size=package.size,
                    published_at=package.published_at,
                    erased=package.file is None,
                )
                for package in each.packages
            ],
        )


class ShownRequests(BaseModel):
    """A page of requests; `next` is the reference after which the next page begins."""

    requests: list[ShownRequest]
    next: str | None


class ShownLink(BaseModel):
    """Where a package is downloaded; whoever has the address has the package."""

    right: Right
    url: str


class ShownLinks(BaseModel):
    """A link to each package."""

    links: list[ShownLink]
    expires_at: datetime

    @classmethod
    def of(cls, handed: HandedLinks) -> Self:
        links = [ShownLink(right=right, url=url) for right, url in handed.links.items()]
        return cls(links=links, expires_at=handed.expires_at)


class ShownPassphrase(BaseModel):
    """What opens the packages of a request; it is shown once."""

    passphrase: Annotated[str, Field(repr=False)]


class Problem(BaseModel):
    """What went wrong, as RFC 9457 has it."""

    type: str
    title: str
    status: int
    detail: str

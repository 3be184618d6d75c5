"""What a person's own login allows: the token of the identity provider comes in the body, never in an address."""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from dsar_export.errors import WrongUseError
from dsar_export.logins.person_token import read_login
from dsar_export.use_cases.api_login import Reader, ReadLogin, reveal_by_login, verify_by_login
from dsar_export.use_cases.api_tokens import Caller
from dsar_export.use_cases.repeating import Reply
from dsar_export.web.api.routes import Key, Reference, Requests, problems
from dsar_export.web.api.shapes import GivenLogin, ShownPassphrase, ShownRequest
from dsar_export.wiring.login import TrustedLogin


def add_login_routes(router: APIRouter, requests: Requests, trusted: TrustedLogin | None) -> None:
    """Adds the addresses that need a login of the person."""
    place = requests.place
    Known = Annotated[Caller, Depends(requests.caller)]  # noqa: N806 # a type

    @router.post("/requests/{reference}/verify", response_model=ShownRequest, responses=problems())
    async def verify_request(
        caller: Known, reference: Reference, given: GivenLogin, key: Key = None
    ) -> Response:
        """Verifies a request by a login of the person; needs `requests:verify`."""

        def work() -> Reply:
            found = verify_by_login(caller, place.register(), reference, _reading(trusted, given))
            return Reply(200, ShownRequest.of(found).model_dump_json())

        return await requests.answer(caller, key, f"verify {reference} {given.login}", work)

    @router.post("/requests/{reference}/reveal", responses=problems())
    async def reveal_passphrase(caller: Known, reference: Reference, given: GivenLogin) -> ShownPassphrase:
        """Shows the passphrase once, to a person who signed in within five minutes; needs `requests:reveal`. There is
        no second answer, with any key: what did not arrive is lost, and staff reissue the package."""
        found = await place.threads.look(
            lambda: reveal_by_login(caller, place.register(), reference, _reading(trusted, given))
        )
        return ShownPassphrase(passphrase=found)


def _reading(trusted: TrustedLogin | None, given: GivenLogin) -> Reader:
    def reader() -> ReadLogin:
        if trusted is None:
            raise WrongUseError(
                "login: no identity provider is set here; set DSAR_LOGIN_ISSUER, and see docs/api.md"
            )
        trusted.keys.ready()
        return lambda at: read_login(given.login, trusted.keys, trusted.rules, at)

    return reader

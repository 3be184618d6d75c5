"""Another link for whoever lost one: the answer is the same for any text."""

from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from dsar_export.use_cases.link_again import accept_link_again, finish_link_again
from dsar_export.web.asking import form_of, same_time
from dsar_export.web.front import Front


@dataclass(frozen=True)
class AgainPages:
    """Answers at `/again`."""

    front: Front

    async def form(self, request: Request) -> Response:
        return self.front.pages.again(await self.front.anybody(request), asked=False)

    async def ask(self, request: Request) -> Response:
        reference = (await form_of(request)).get("reference", "")
        place = self.front.place
        async with same_time():
            asked = await place.threads.look(lambda: accept_link_again(place.desk(), reference))
            later = None
            if asked is not None:
                later = partial(finish_link_again, place.desk(), place.services, place.register(), asked)
            page = self.front.pages.again(await self.front.anybody(request), asked=True)
            page.background = self.front.later(later)
            return page

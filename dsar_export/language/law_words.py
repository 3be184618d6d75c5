"""The law on which a refusal rests, as it is cited in each language."""

import re
from functools import reduce
from typing import Final

from dsar_export.language.catalogue import Texts
from dsar_export.language.formats import long_date
from dsar_export.model.message import is_british
from dsar_export.model.refusal import RefusalGround

_ARTICLE: Final = re.compile(r"(?P<article>\d+)(?:\((?P<paragraph>\d+)\))?(?:\((?P<point>[a-z])\))?")


def ground_law(ground: RefusalGround, country: str, words: Texts) -> str:
    """The articles, the ruling where it counts, and the country's own law."""
    cited = [_articles(ground, words)]
    if ground.ruling is not None and not is_british(country):
        day = long_date(ground.ruling.day, words.language)
        cited.append(words.phrase("CJEU, {day}, {case}", day=day, case=ground.ruling.case))
    cited += [law for code, law in ground.national.items() if code == country.upper()]
    return reduce(lambda first, rest: words.phrase("{first}; {rest}", first=first, rest=rest), cited)


def _articles(ground: RefusalGround, words: Texts) -> str:
    each = (_article(article, words) for article in ground.articles)
    named = reduce(lambda first, rest: words.phrase("{first} and {rest}", first=first, rest=rest), each)
    return words.phrase("{articles} {gdpr}", articles=named)


def _article(article: str, words: Texts) -> str:
    match = _ARTICLE.fullmatch(article)
    if match is None:
        raise ValueError(f"an article is written like 12(5)(b), not {article}")
    parts = {name: part for name, part in match.groupdict().items() if part is not None}
    if "point" in parts:
        return words.phrase("Art. {article}({paragraph})({point})", **parts)
    return words.phrase("Art. {article}({paragraph})" if "paragraph" in parts else "Art. {article}", **parts)

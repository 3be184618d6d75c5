"""Names that look like those of credentials: a net under the rule that no schema has a field for one."""

import re
from functools import lru_cache
from typing import Final

# In words that "_" parts. Names are run together too, such as "accesstoken", but not before what is
# another word then: "hashtag", "passwordless", "secretary".
_CREDENTIAL: Final = re.compile(
    r"""
    (?:^|_)(?:
        [^_]* (?:password|passwd|passphrase|passcode|motdepasse|passwort|passwört|kennwort|kennwört) (?:s|er)?
      | [^_]* (?:pass|pw|pwd|password|passwort) salt | salts?
      | mots?_de_passe | mdp | contraseñas? | contrasenas? | senhas? | wachtwoord(?:en)?
      | pwd | pw | pswd | [^_]*secrets? | [^_]*token | [^_]*hash(?:es)?
      | [ht]?otp | cvv | cvc | jwt | credentials?
      | (?:api|auth|private|access|secret|session|signing|encryption|master|ssh)_?keys?
      | (?:recovery|backup|security|login|access|reset|verification)_?codes?
      | security_?answers?
      | pin (?= $ | _(?:code|number)(?:_|$) )
    ) (?:_|$)
    | (?:^|_) [^_]*tokens $  # "tokens_used" counts those of a language model
    """,
    re.VERBOSE,
)
# When it was changed, whether there is one and how often it was tried is no credential.
_ABOUT_ONE: Final = re.compile(r"_(?:at|on|date|expires|expiry|enabled|attempts|count)$")
_CAMEL: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_LONGEST: Final = 200  # what a person's own JSON calls its members may be of any length
_NO_LETTER: Final = re.compile(r"[\W\d_]+")


def looks_like_credential(name: str) -> bool:
    """Whether a column or a member of JSON is called as a password, a hash, a token or a key is."""
    return _looks_like_one(name[-_LONGEST:])


@lru_cache(maxsize=4096)
def _looks_like_one(name: str) -> bool:
    words = _NO_LETTER.sub("_", _CAMEL.sub("_", name)).strip("_").casefold()
    return _CREDENTIAL.search(words) is not None and _ABOUT_ONE.search(words) is None

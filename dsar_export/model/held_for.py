"""Data that an organisation holds for somebody else, as a processor (Art. 28 GDPR)."""

from dsar_export.model.toml_table import toml_table
from dsar_export.model.words import Words


@toml_table
class HeldFor:
    """The client whose data it is: the person asks there, and nothing of it is read or exported here."""

    what: Words
    """The data in the person's words, such as `orders in shops that we run for others`."""
    client: Words
    """The client's name."""
    contact: Words
    """Where the client is reached, such as `privacy@client.example.org`."""

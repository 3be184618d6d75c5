"""Writes mail into a folder, for demonstrations only: nobody receives it, and it lies there in clear."""

import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dsar_export.delivery.mail_message import Author, written
from dsar_export.model.mail import Mail, Posted, Postmark, PostResult

NOTE: Final = b"X-Demonstration-Only: written into a folder, sent to nobody\r\n"


@dataclass(frozen=True)
class DemonstrationFolder:
    """One file a mail, for its owner alone. See `interfaces.Sender`."""

    folder: Path
    author: Author

    def send(self, mail: Mail, postmark: Postmark) -> PostResult:
        try:
            content = NOTE + written(mail, postmark, self.author).content
        except UnicodeError:
            return PostResult(Posted.REFUSED, "address")
        aside = self.folder / f".unfinished-{secrets.token_hex(8)}"
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(content)
            aside.replace(self.folder / f"{postmark.mail_id}.eml")
        except OSError:
            return PostResult(Posted.NO_SERVER, "folder")
        return PostResult(Posted.SENT)

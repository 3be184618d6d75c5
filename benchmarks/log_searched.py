"""`python -m benchmarks.log_searched FOLDER KEY` searches app.log for a person and prints how many rows it found."""

import sys
from pathlib import Path

from collectors.log_files import LogFiles
from collectors.log_files.parts import LogFormat, LogLines
from dsar_export.model.dataset import Dataset
from dsar_export.model.field_mapping import FieldMapping
from dsar_export.model.register import Source
from dsar_export.model.source import Selection
from dsar_export.model.subject_key import SubjectKey


def search(folder: Path, key: str) -> int:
    """The number of rows of one person."""
    dataset = Dataset(
        name="visits",
        source="logs",
        at=LogLines(files="app.log", format=LogFormat.NDJSON),
        subject_keys=(SubjectKey(column="user.id", identifier="customer_id"),),
        fields={name: FieldMapping(column=name) for name in ("at", "path", "what")},
    )
    source = Source(kind="log_files", url=str(folder), controllers=("acme",))
    with LogFiles("logs", source, folder).snapshot() as snapshot:
        return sum(len(chunk.rows) for chunk in snapshot.chunks(Selection(dataset, ((key,),))))


if __name__ == "__main__":
    sys.stdout.write(f"{search(Path(sys.argv[1]), sys.argv[2])}\n")

"""`python -m dsar_export` is `dsar-export`."""

from dsar_export.cli import main

main()

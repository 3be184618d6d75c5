"""Documents beside the records, but for the report."""

"""What the report tells, in the order in which it is read; how it is drawn is not known here."""

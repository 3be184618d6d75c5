"""The life of a request in SQL: its state, people and their decisions, and sealed columns for personal data."""

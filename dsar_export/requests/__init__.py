"""The life of a request in SQL."""

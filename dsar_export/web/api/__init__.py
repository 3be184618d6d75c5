"""The API for other systems, below `/api/v1`."""

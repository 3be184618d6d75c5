"""A dataset's records as a member of the package."""

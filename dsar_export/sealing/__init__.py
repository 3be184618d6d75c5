"""Turns records and documents into the sealed package; no plaintext touches a disk."""

"""Records and documents -> the sealed package; no plaintext touches a disk."""

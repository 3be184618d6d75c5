"""A folder of TOML files -> a Register."""

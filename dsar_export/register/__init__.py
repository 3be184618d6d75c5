"""The register's folder of TOML files -> a Register."""

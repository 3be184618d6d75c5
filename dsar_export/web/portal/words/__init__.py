"""The texts of the portal."""

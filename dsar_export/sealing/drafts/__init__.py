"""Sealed parts of a Draft: blocks that can be read alone (ADR 34)."""

"""Members rendered and sealed by a second process: its parent's end, its own, and the wire between."""

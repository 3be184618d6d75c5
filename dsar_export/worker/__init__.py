"""Workers: what wakes them, and how they start, show life and stop. What they do is in the use cases."""

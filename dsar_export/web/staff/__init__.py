"""Pages of staff: who is signed in, and who may come where."""

"""What the tool does for its users, one use case a file."""

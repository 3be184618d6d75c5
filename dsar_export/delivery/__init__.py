"""How a package reaches the person."""

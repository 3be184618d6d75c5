"""How dates, numbers and money read in a language."""

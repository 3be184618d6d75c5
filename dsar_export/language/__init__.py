"""Translated texts, and dates, numbers and money as a language writes them."""

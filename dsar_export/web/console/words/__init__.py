"""The texts of the console; a file for each kind of page."""

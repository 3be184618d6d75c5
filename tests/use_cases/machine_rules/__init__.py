"""The rules of the machine that drives an office: one module for each kind of what people may try."""

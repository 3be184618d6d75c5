"""The collector of log files."""

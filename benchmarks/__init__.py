"""What `make bench` runs: the real command beside a floor, a slow reference and the usual way, in one sitting."""

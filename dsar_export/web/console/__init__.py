"""The console of staff: its pages show and do only what use cases allow."""

"""The portal: people ask for their data, prove who they are, and follow their request."""

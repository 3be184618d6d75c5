"""Pages for people: a link, its package, its passphrase. What they do is in the use cases."""

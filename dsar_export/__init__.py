"""Answers a person who asks what an organisation holds about them, with one sealed package."""

VERSION = "0.1.0"

"""Operator commands and everything that builds, deploys and runs the system."""

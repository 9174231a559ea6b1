"""Agreements between parts that no single part can check."""

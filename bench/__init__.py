"""Measurements: counted first, timed as ratios, never asserted in tests."""

"""Use cases over ports: they load, let the domain decide, and save."""

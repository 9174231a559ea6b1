"""Central 156: the citizen service centre of a city."""

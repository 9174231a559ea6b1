"""Everything that shows that the system keeps its promises."""

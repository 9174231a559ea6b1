"""`make demo`: replay a morning of the 156 through the HTTP intake and watch it arrive."""

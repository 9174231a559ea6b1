"""HTTP only: parse, authorise, call one service, present."""

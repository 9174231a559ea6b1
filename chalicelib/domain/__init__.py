"""Pure decisions about requests: standard library only, no I/O, `now` is always passed in."""

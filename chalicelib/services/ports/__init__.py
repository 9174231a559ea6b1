"""Name what the use cases need from the outside world; adapters and fakes provide it."""

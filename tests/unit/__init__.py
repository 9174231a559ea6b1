"""Pure decisions: no engine, no clock, no network."""

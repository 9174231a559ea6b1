"""Pages for people without an account: parse a form, call one service, show."""

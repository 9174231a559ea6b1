"""Turn personal data into keys that can be compared and never turned back."""

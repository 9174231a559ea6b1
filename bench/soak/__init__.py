"""Resolve thousands of requests in a day, and see that everybody is told and asked once, whatever breaks."""

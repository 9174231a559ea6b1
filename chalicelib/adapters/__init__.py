"""Everything that talks to something: tables, queues, buckets, secrets and identity."""

"""Keep everything in DynamoDB: PynamoDB for the breadth, a signed client of ours for the intake."""

"""Build what Lambda runs: one zip and one CloudFormation template per stage."""

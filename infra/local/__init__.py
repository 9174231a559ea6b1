"""Run the deployed system on this machine, on the embedded engine."""

"""What `make run` starts: the product as deployed, on this machine, with sample data."""

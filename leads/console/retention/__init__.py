"""The screens of periods, legal holds and erasures."""

"""Every table of docs/models comes from one command in this package."""

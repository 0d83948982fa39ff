"""The only place with network, files and a clock."""

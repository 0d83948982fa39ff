"""The panes: each takes a scene and says what keys act on."""

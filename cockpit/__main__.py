"""``python -m cockpit``."""

from cockpit.cli.main import entry

if __name__ == "__main__":
    entry()

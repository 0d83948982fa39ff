"""The worlds that can be rehearsed, by name: the command line says them without loading what plays them."""

WORLDS = ("demo", "pairs", "games", "speech", "crypto", "queue")

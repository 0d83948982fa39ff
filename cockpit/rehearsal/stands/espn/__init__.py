"""ESPN's site API as a stand-in: scoreboards and summaries."""

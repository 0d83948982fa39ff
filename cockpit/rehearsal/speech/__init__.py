"""A speech in the rehearsal world: words that are said or not, where that is traded, and who tells of it."""

"""Words said: what counts as one, how often they were, and what that is worth."""

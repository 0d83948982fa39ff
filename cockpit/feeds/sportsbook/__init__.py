"""What sportsbooks ask for games, from services that gather it."""

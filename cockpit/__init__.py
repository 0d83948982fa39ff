"""A terminal trading cockpit for makers on prediction markets."""

"""Stand-in venues on loopback: they speak the real protocols, fed from a seeded world or a recording."""

"""Facts: frozen values in exact integers, and the small state machines over them; no I/O."""

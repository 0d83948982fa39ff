"""Who leads whom between two venues: what is kept of a series, the estimators, the test and the gate."""

"""Two markets that pay on one event: what buying both sides nets, and what stands between that and money."""

"""Temperatures at stations: the weather service's observations, reports and grid, and Open-Meteo's models."""

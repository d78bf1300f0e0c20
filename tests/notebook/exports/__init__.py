"""Tests of the notebook's exports."""

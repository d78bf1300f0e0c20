"""Tests of final answers, agreement and grades."""

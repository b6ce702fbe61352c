"""Tests of quiz rounds."""

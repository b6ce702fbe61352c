"""Tests of boards, seasons and membership."""

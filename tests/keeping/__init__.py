"""Tests of how a listing is kept true."""

"""Tests of the referral directory."""

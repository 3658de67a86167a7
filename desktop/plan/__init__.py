"""Referral and plan: one page from the person to the booked visits."""

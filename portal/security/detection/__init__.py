"""Looks for patterns in what happens (tenants/organizations/trail.py): rules, their counters, and what feeds them."""

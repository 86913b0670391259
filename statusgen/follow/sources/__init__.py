"""What others publish of their status → what was seen, a module for each shape; `registry.py` lists them."""

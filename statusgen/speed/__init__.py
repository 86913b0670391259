"""What saves time and changes no byte: results kept from one run to the next, and several processes."""

"""What is wrong between files, and advice to the writer: every problem at once."""

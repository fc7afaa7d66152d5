"""What is told, how it is signed, and how often it is tried."""

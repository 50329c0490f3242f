"""What the pages ask about trying."""

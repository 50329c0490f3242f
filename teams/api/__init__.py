"""Teams as the interface shows them."""

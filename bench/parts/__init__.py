"""The servers under measurement and the crowd that listens to them."""

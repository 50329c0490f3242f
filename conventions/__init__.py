"""What every call has in common; knows neither teams nor decisions."""

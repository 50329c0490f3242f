"""The live side: what the journal says, pushed to everybody who looks. It changes nothing."""

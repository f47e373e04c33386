"""When to Ask on the sushi rankings."""

"""What a page for the public may say: counted in people, and safe to print."""

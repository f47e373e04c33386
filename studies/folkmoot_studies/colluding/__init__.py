"""What participants who work together can do to a language model's slate."""

"""How well slates represent people on answers that nobody showed the program."""

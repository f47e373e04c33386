"""The pilot of Generative Social Choice: its ratings and predictors."""

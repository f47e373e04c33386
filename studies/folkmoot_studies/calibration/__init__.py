"""Whether the certificate is calibrated: what it predicts of hidden votes, against what they say."""

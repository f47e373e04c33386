"""What can be said about judged pairs of answers: agreement, kinds of annotators, and whom one reward model fails."""

"""How many questions a conversation needs: policies replayed on real votes."""

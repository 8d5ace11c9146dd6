"""The deliberation itself: consultations, drafts, contributions, votes, results, answers."""

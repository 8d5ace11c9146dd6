"""The results report that an agency owes after a hearing: gathered once, written in formats."""

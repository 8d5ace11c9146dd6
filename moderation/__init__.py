"""Moderation with due process: flags, decisions with a rule and a reason."""

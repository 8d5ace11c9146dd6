"""Services: what people say on paper, by telephone or at a meeting, entered by two people."""

"""Comments as text: reading, masking, segmenting, features, near-duplicates, embedders."""

"""Gold sets: reading, writing, anchoring, checking. The sets themselves lie in folders beside the modules."""

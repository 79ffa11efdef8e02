"""From a question and its hits to a verified answer: which sentences answer, how they are cited, or what was looked
at in vain.

Finding the hits is ``qa.retrieve``'s business; showing the answer that of the faces.
"""

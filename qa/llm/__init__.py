"""Models that write, behind any OpenAI-compatible endpoint; the only importer of ``openai``.

``model`` says what is asked and what comes back, ``client`` asks, ``faults`` makes
clear errors of all that can go wrong, ``within`` keeps all of it under one deadline, ``forms`` remembers what an
endpoint takes. What is asked and what becomes of the reply is ``qa.answer``'s.
"""

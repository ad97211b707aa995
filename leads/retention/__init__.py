"""How long people's data is kept, and how it goes: when its time is over, or when the person asks for it.

What is deleted is what names somebody. What proves that a lead was taken rightly stays: hashes, codes of what
was found, the certificate's reference, terms, times, source and decisions.
"""

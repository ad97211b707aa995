"""The report of a dossier: what it says once, and how that is written as HTML and as PDF."""

"""The dossier of a lead: a signed archive that proves, without us, why the lead was taken.

Nothing that `__main__` imports knows Django: who verifies a dossier has neither settings nor database.
"""

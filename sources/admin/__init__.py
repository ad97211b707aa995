"""The screens of sources. That of the source itself is registered in `leads/console/`, with its traffic."""

from django.contrib import admin

from sources.admin.keys import CredentialAdmin
from sources.admin.terms import ReviewAdmin, TermsAdmin
from sources.models import Credential, Review, Terms

admin.site.register(Terms, TermsAdmin)
admin.site.register(Review, ReviewAdmin)
admin.site.register(Credential, CredentialAdmin)

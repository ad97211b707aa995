"""The screens of sources. Those of the source and of its terms are registered in `leads/admin.py`, for they
show traffic too."""

from django.contrib import admin

from sources.admin.keys import CredentialAdmin
from sources.admin.links import PostingLinkAdmin
from sources.admin.reviews import ReviewAdmin
from sources.models import Credential, PostingLink, Review

admin.site.register(Review, ReviewAdmin)
admin.site.register(Credential, CredentialAdmin)
admin.site.register(PostingLink, PostingLinkAdmin)

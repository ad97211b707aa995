"""The floor's own screens. They are registered here, where Django looks, since the console knows the accounts
and not the other way round."""

from django.contrib import admin

from leadping.accounts.models import Account, Business, Invitation, Membership, User, UserToken
from leadping.console.events import EventAdmin
from leadping.console.invitations import InvitationAdmin
from leadping.console.members import MembershipAdmin
from leadping.console.tenants import AccountAdmin, BusinessAdmin
from leadping.console.users import TokenAdmin, UserAdmin
from leadping.models import Event

admin.site.register(Business, BusinessAdmin)
admin.site.register(Account, AccountAdmin)
admin.site.register(Membership, MembershipAdmin)
admin.site.register(Invitation, InvitationAdmin)
admin.site.register(User, UserAdmin)
admin.site.register(UserToken, TokenAdmin)
admin.site.register(Event, EventAdmin)

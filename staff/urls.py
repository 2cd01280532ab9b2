"""Every address of the pages about people; of allauth's own only what is needed: there is no signing up."""

from __future__ import annotations

from allauth.account import views as account
from allauth.mfa.base import views as factor
from allauth.mfa.recovery_codes import views as codes
from allauth.mfa.totp import views as totp
from allauth.socialaccount import views as social
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, path, re_path
from django.views.decorators.http import require_POST
from django.views.generic.base import RedirectView

from staff import login, provider
from staff.access import needs
from staff.roles import Ability
from staff.views import account as own
from staff.views import invitations, log, people

enter = needs(Ability.ENTER)

_login = login.LoginView.as_view()
_logout = require_POST(account.logout)
_password = enter(own.PasswordView.as_view())

OPEN: list[URLPattern] = [
    path("login", _login, name="login"),
    path("login", _login, name="account_login"),
    path("logout", _logout, name="logout"),
    path("logout", _logout, name="account_logout"),
    path("login/code", factor.authenticate, name="mfa_authenticate"),
    path("login/closed", account.account_inactive, name="account_inactive"),
    path("login/oidc", provider.begin, name="openid_connect_login"),
    path("login/<slug:provider_id>/callback", provider.come_back, name="openid_connect_callback"),
    path("login/error", login_not_required(social.login_error), name="socialaccount_login_error"),
    path("login/cancelled", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("password/forgotten", login.forgotten, name="account_reset_password"),
    path("password/forgotten/sent", account.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/new/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>[-:\w]+)$",
        account.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path("password/new/done", account.password_reset_from_key_done, name="account_reset_password_from_key_done"),
    path("invitation", invitations.accept, name="invitation-accept"),
    path("invitation/<str:secret>", invitations.opened, name="invitation"),
]

OWN: list[URLPattern] = [
    path("account", own.own_account, name="own-account"),
    path("account/devices", own.devices, name="devices"),
    path("account/devices/<int:pk>/end", own.end_device, name="device-end"),
    path("account/devices/end-others", own.end_other_devices, name="devices-end-others"),
    path("password", _password, name="password"),
    path("password", _password, name="account_change_password"),
    path("account/confirm", enter(account.reauthenticate), name="account_reauthenticate"),
    path("account/confirm/code", enter(factor.reauthenticate), name="mfa_reauthenticate"),
    path("account/factor", enter(RedirectView.as_view(pattern_name="own-account")), name="mfa_index"),
    path("account/factor/add", enter(own.FactorView.as_view()), name="mfa_activate_totp"),
    path("account/factor/remove", enter(totp.deactivate_totp), name="mfa_deactivate_totp"),
    path("account/codes", enter(codes.view_recovery_codes), name="mfa_view_recovery_codes"),
    path("account/codes/renew", enter(codes.generate_recovery_codes), name="mfa_generate_recovery_codes"),
    path("account/codes/download", enter(codes.download_recovery_codes), name="mfa_download_recovery_codes"),
]

PEOPLE: list[URLPattern] = [
    path("people", people.people, name="people"),
    path("people/<int:pk>", people.member, name="member"),
    path("people/<int:pk>/role", people.set_role, name="member-role"),
    path("people/<int:pk>/close", people.close, name="member-close"),
    path("people/<int:pk>/open", people.open_again, name="member-open"),
    path("people/<int:pk>/reset-factor", people.reset_factor, name="member-reset-factor"),
    path("people/<int:pk>/log-out", people.log_out, name="member-log-out"),
    path("people/invite", invitations.make, name="invite"),
    path("people/invitations/<int:pk>/again", invitations.again, name="invitation-again"),
    path("people/invitations/<int:pk>/revoke", invitations.take_back, name="invitation-revoke"),
    path("log", log.log, name="log"),
    path("log/export", log.export, name="log-export"),
]

urlpatterns = [*OPEN, *OWN, *PEOPLE]

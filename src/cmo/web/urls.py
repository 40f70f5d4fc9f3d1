"""All addresses: those of the office with their permissions, those of sign-in, and the API's."""

from django.urls import include, path

from cmo.web import returned_mail
from cmo.web.api.build import built
from cmo.web.routes import ROUTES

API = built()
returned_mail.listen()

urlpatterns = [
    *(route.pattern() for route in ROUTES),
    path("api/v1/", API.urls),
    *([path("open/hooks/", include("anymail.urls"))] if returned_mail.SECRET else []),
    path("account/", include("allauth.account.urls")),
    path("account/two-factor/", include("allauth.mfa.urls")),
    path("account/", include("allauth.socialaccount.urls")),
    path("account/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
handler403 = "cmo.web.views.errors.denied"
handler404 = "cmo.web.views.errors.missing"
handler500 = "cmo.web.views.errors.broken"

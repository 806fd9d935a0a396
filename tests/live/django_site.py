"""Django with simplejwt and knox on a free port of loopback, its database in FOLDER; ends when stdin does.

python django_site.py FOLDER LIFETIME RATE

LIFETIME is that of an access token in seconds, RATE how fast one may call without a credential, such as 10/min.
"""

import os
import sys
import threading
from datetime import timedelta

import django
from django.conf import settings

FOLDER, LIFETIME, RATE = sys.argv[1:]

settings.configure(
    ROOT_URLCONF=__name__,
    SECRET_KEY="fake-secret-of-a-test-server-0123456789",
    ALLOWED_HOSTS=["127.0.0.1"],
    USE_TZ=True,
    TIME_ZONE="America/Chicago",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": f"{FOLDER}/site.sqlite", "OPTIONS": {"timeout": 20}}},
    INSTALLED_APPS=[
        "django.contrib.auth",
        "django.contrib.contenttypes",
        "rest_framework",
        "rest_framework_simplejwt.token_blacklist",
        "knox",
    ],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWTAuthentication"],
        "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
        "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.AnonRateThrottle"],
        "DEFAULT_THROTTLE_RATES": {"anon": RATE},
    },
    SIMPLE_JWT={
        "ACCESS_TOKEN_LIFETIME": timedelta(seconds=int(LIFETIME)),
        "ROTATE_REFRESH_TOKENS": True,
        "BLACKLIST_AFTER_ROTATION": True,
    },
    REST_KNOX={"TOKEN_LIMIT_PER_USER": 5, "TOKEN_PREFIX": "kx_"},
)
django.setup()

from django.contrib.auth.models import User
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer, WSGIRequestHandler
from django.core.wsgi import get_wsgi_application
from django.urls import path
from knox.auth import TokenAuthentication
from knox.views import LoginView, LogoutAllView, LogoutView
from rest_framework.authentication import BasicAuthentication
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework_simplejwt.views import TokenObtainPairView, TokenRefreshView, TokenVerifyView


class Me(APIView):
    def get(self, request):
        return Response({"username": request.user.username})


class KnoxMe(Me):
    authentication_classes = [TokenAuthentication]


class KnoxLogin(LoginView):
    authentication_classes = [BasicAuthentication]


urlpatterns = [
    path("api/token/", TokenObtainPairView.as_view()),
    path("api/token/refresh/", TokenRefreshView.as_view()),
    path("api/token/verify/", TokenVerifyView.as_view()),
    path("api/me/", Me.as_view()),
    path("knox/login/", KnoxLogin.as_view()),
    path("knox/logout/", LogoutView.as_view(authentication_classes=[TokenAuthentication])),
    path("knox/logoutall/", LogoutAllView.as_view(authentication_classes=[TokenAuthentication])),
    path("knox/me/", KnoxMe.as_view()),
]

call_command("migrate", verbosity=0)
User.objects.create_user("ada", password="fake-password")


def end_with_stdin():
    sys.stdin.read()
    os._exit(0)


threading.Thread(target=end_with_stdin, daemon=True).start()
server = ThreadedWSGIServer(("127.0.0.1", 0), WSGIRequestHandler)
server.set_app(get_wsgi_application())
print(f"ready http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()

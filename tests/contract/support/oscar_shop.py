"""A web shop nobody here wrote: django-oscar with its API, run by the interpreter of an environment of its own.

``python oscar_shop.py DIRECTORY PORT`` writes its OpenAPI document to ``DIRECTORY/openapi.yaml`` and serves. Rapport's own
environment holds none of what is imported here.
"""

from __future__ import annotations

import sys
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command
from django.urls import include, path
from oscar import defaults as oscar_defaults

DIRECTORY, PORT = Path(sys.argv[1]), sys.argv[2]
OSCAR_APPS = """
    oscar.config.Shop oscar.apps.analytics.apps.AnalyticsConfig oscar.apps.checkout.apps.CheckoutConfig
    oscar.apps.address.apps.AddressConfig oscar.apps.shipping.apps.ShippingConfig
    oscar.apps.catalogue.apps.CatalogueConfig oscar.apps.catalogue.reviews.apps.CatalogueReviewsConfig
    oscar.apps.communication.apps.CommunicationConfig oscar.apps.partner.apps.PartnerConfig
    oscar.apps.basket.apps.BasketConfig oscar.apps.payment.apps.PaymentConfig oscar.apps.offer.apps.OfferConfig
    oscar.apps.order.apps.OrderConfig oscar.apps.customer.apps.CustomerConfig oscar.apps.search.apps.SearchConfig
    oscar.apps.voucher.apps.VoucherConfig oscar.apps.wishlists.apps.WishlistsConfig
    oscar.apps.dashboard.apps.DashboardConfig oscar.apps.dashboard.reports.apps.ReportsDashboardConfig
    oscar.apps.dashboard.users.apps.UsersDashboardConfig oscar.apps.dashboard.orders.apps.OrdersDashboardConfig
    oscar.apps.dashboard.catalogue.apps.CatalogueDashboardConfig oscar.apps.dashboard.offers.apps.OffersDashboardConfig
    oscar.apps.dashboard.partners.apps.PartnersDashboardConfig oscar.apps.dashboard.pages.apps.PagesDashboardConfig
    oscar.apps.dashboard.ranges.apps.RangesDashboardConfig oscar.apps.dashboard.reviews.apps.ReviewsDashboardConfig
    oscar.apps.dashboard.vouchers.apps.VouchersDashboardConfig
    oscar.apps.dashboard.communications.apps.CommunicationsDashboardConfig
    oscar.apps.dashboard.shipping.apps.ShippingDashboardConfig
    widget_tweaks haystack treebeard django_tables2 rest_framework drf_spectacular oscarapi
""".split()

settings.configure(
    DEBUG=True,
    SECRET_KEY="only-for-this-test",
    ROOT_URLCONF=__name__,
    ALLOWED_HOSTS=["127.0.0.1"],
    SITE_ID=1,
    USE_TZ=True,
    STATIC_URL="/static/",
    MEDIA_ROOT=str(DIRECTORY),
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(DIRECTORY / "shop.sqlite3")}},
    INSTALLED_APPS=[
        *(
            f"django.contrib.{n}"
            for n in "admin auth contenttypes sessions messages sites flatpages staticfiles".split()
        ),
        *OSCAR_APPS,
    ],
    MIDDLEWARE=[
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "oscar.apps.basket.middleware.BasketMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    HAYSTACK_CONNECTIONS={"default": {"ENGINE": "haystack.backends.simple_backend.SimpleEngine"}},
    OSCARAPI_BLOCK_ADMIN_API_ACCESS=False,
    REST_FRAMEWORK={
        "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
        "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.BasicAuthentication"],
    },
    SPECTACULAR_SETTINGS={"TITLE": "Oscar", "VERSION": "1", "SERVERS": [{"url": f"http://127.0.0.1:{PORT}"}]},
    **{name: getattr(oscar_defaults, name) for name in dir(oscar_defaults) if name.startswith("OSCAR_")},
)
django.setup()
urlpatterns = [path("api/", include("oscarapi.urls"))]


def main() -> None:
    """Make the shop, its document and its administrator; serve."""
    from django.contrib.auth import get_user_model
    from oscar.apps.catalogue.models import Product, ProductClass

    call_command("migrate", verbosity=0)
    get_user_model().objects.create_superuser("robin", "robin@example.com", "open-sesame-1")
    kind = ProductClass.objects.create(name="Lamps")
    for title in ("Desk lamp", "Floor lamp"):
        Product.objects.create(product_class=kind, title=title, upc=title[:4])
    call_command("spectacular", file=str(DIRECTORY / "openapi.yaml"), verbosity=0)
    call_command("runserver", f"127.0.0.1:{PORT}", use_reloader=False, verbosity=0)


if __name__ == "__main__":
    main()

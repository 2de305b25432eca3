"""Every request knows its municipality: the person's own, or for a guest the site's."""

from django.conf import settings
from django.db.models import Case, Value, When
from django.utils import timezone

from communities.access import Guest
from communities.models import Municipality

# Pages that must answer while the database is away: they belong to no municipality.
WITHOUT_MUNICIPALITY = ("/healthz", "/readyz", settings.STATIC_URL)


def host_of(request):
    """The domain the request came to, without its port."""
    return request.get_host().partition(":")[0].lower()


def municipality_of_host(host):
    """The municipality whose domain this is, else the default one, else the first."""
    wanted = Case(
        When(domain=host, then=Value(0)),
        When(slug=settings.DEFAULT_MUNICIPALITY, then=Value(1)),
        default=Value(2),
    )
    return Municipality.objects.order_by(wanted, "pk").first()


def municipality_middleware(get_response):
    """Give guests a municipality and show times in its zone."""

    def with_municipality(request):
        if request.path.startswith(WITHOUT_MUNICIPALITY):
            return get_response(request)
        if not request.user.is_authenticated:
            request.user = Guest(municipality_of_host(host_of(request)))
        municipality = request.user.municipality
        with timezone.override(municipality.tz if municipality else None):
            return get_response(request)

    return with_municipality

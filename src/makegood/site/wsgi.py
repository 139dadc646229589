"""The application as WSGI servers take it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makegood.site.settings")
application = get_wsgi_application()

# What is loaded now stays until the end: looking through it for litter, again and again, would only cost time.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)

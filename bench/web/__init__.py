"""How the web service feels under load, and against what: pages, acts and the sweep, beside django-helpdesk."""

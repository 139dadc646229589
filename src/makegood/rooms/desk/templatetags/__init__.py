"""What templates load: `{% load kit %}`."""

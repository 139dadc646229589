"""Tests of the desk's pages: every act through the page, with Django's client."""

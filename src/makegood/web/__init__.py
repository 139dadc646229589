"""The design-system kit: base templates, components, form fields, and how refusals become responses."""

"""The application: one Django app for each capability. A newcomer who lists this folder has read the product.

Rooms meet only at their doors (`actions`, `queries`, `events`), and only downstairs; `journal` is the ground floor.
"""

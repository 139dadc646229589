"""The catalogue: services, the questions that each needs, and the reasons for which its cases are closed.

Owns the text of a service and its versions, how services are found by plain words, and what makes an answer good. Does
not own the promise behind a service, which it names, nor any case.
"""

"""The demonstration place: Anyborough, plainly fictional, with a year of cases; and the pages to play with it.

It owns the data of the place, the dump of its year and how that is opened, sign-in by one press, the control of the
place's clock, and the page of what went out. A live place has no such room. How the year is made is not here but in
`tools/demonstration`: nothing of it is needed to run a place.
"""

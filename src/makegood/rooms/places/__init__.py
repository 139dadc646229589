"""Where things are: the wards of the place and its addresses.

Owns the list of addresses and how one is found by words. Does not own who lives there, nor maps.
"""

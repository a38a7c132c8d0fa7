"""Random requests to every operation of the API of a running portal, as everybody who can knock there: make fuzz.

None makes the portal fall over, none is answered as the schema does not say, and no answer holds anything of another
property, whose ids are among those asked for.
"""

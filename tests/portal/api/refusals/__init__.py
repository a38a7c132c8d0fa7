"""What an operation of the API may refuse with, found in the source: from its function through all that this names.

`python -m tests.portal.api.refusals` writes portal/api/refusals.json. Rather too much is found than too little: whether
an error is caught on its way is not looked at, and of a call on a value of unknown kind every method of that name is
followed. What cannot be read stands in `told.TOLD`; a code that neither shows nor stands there stops the walk.
"""

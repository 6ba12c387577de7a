# API tokens, for admins.

desk-tokens = API tokens
token-lead = For programs that report blocked addresses and ask which were lifted. Described in /api/openapi.json.
token-new = Token for: { $name }
token-new-hint = Shown only this once. Hand it on safely: whoever has it can change the list of blocks.
token-none = There is no token yet.
token-name = Name
token-name-hint = For example a server’s name. You will see it in the history of blocks.
token-name-invalid = Write a name of at most 100 characters
token-name-taken = There is a token of this name already. Revoke it or write another name
token-created = Made
token-used = Last used
token-unused = not yet
token-revoke = Revoke
token-revoke-text = The program with this token loses access at once. This can’t be undone.
token-revoke-button = Yes, revoke it
token-revoked = revoked
token-add = Make a token

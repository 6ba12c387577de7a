# API tokens, for admins.

desk-tokens = Tokeny API
token-lead = Dla programów, które zgłaszają blokady adresów i pytają, które zdjęto. Opis: /api/openapi.json.
token-new = Token dla: { $name }
token-new-hint = Pokazujemy go tylko raz. Przekaż go bezpiecznie: kto go ma, może zmieniać listę blokad.
token-none = Nie ma jeszcze żadnego tokenu.
token-name = Nazwa
token-name-hint = Na przykład nazwa serwera. Zobaczysz ją w historii blokad.
token-name-invalid = Wpisz nazwę, najwyżej 100 znaków
token-name-taken = Jest już token o tej nazwie. Unieważnij go albo wpisz inną nazwę
token-created = Utworzony
token-used = Ostatnio użyty
token-unused = jeszcze nie
token-revoke = Unieważnij
token-revoke-text = Program z tym tokenem od razu straci dostęp. Tego nie można cofnąć.
token-revoke-button = Tak, unieważnij
token-revoked = unieważniony
token-add = Utwórz token

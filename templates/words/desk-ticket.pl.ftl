# The ticket's page for staff: the technician's strip, the composer, related tickets. See src/desk/ticket.rs.

strip-local = Czas lokalny ({ $zone })
strip-utc = UTC
strip-reported = Zgłoszono ({ $zone })
strip-code = Kod
strip-code-meant = { $code }: { $meaning }
strip-error = Komunikat
strip-symptom = Objaw
strip-account = Konto SIP
strip-device = Urządzenie
strip-address = Publiczny IP
strip-reporter = IP zgłaszającego
strip-service = Usługa
strip-billing = W historii połączeń
strip-missing = nie podano
strip-typed = wpisano: { $text }
strip-extension = { $number } wew. { $extension }
strip-copy = Kopiuj
strip-copied = Skopiowano
strip-copy-by-hand = Tekst jest zaznaczony. Naciśnij Ctrl+C
strip-as-text = Jako tekst

related-title = Powiązane
related-none = Nic podobnego w pobliżu.
related-caller = to samo A
related-callee = to samo B
related-account = to samo konto
related-address = ten sam adres IP
related-cause = { $code } na { $prefix }…, w ciągu 2 h
related-rest = Jeszcze { $count }
related-more = Więcej: { $why }
related-main = Duplikat zgłoszenia
related-duplicates = Duplikaty tego zgłoszenia
related-merge-one = To duplikat
merge-label = Duplikat zgłoszenia

desk-walk-questions = { $count ->
    [one] { $count } pytanie i odpowiedź
    [few] { $count } pytania i odpowiedzi
   *[other] { $count } pytań i odpowiedzi
}
compose-kind = Rodzaj wiadomości
compose-reply = Odpowiedź do klienta
compose-note = Notatka wewnętrzna
compose-no-email = Klient nie podał e-maila. Zobaczy odpowiedź na stronie zgłoszenia; możesz też zadzwonić: { $phone }.
compose-send-to = Wyślij do { $email }
compose-saved = Zapisana odpowiedź
compose-saved-none = Wybierz
compose-saved-empty = Często piszesz to samo?
compose-insert = Wstaw
compose-restored = Przywrócony szkic.
compose-discard = Odrzuć
compose-note-not-sent = To notatka, więc jej nie wysłaliśmy. Zapisz ją jako notatkę albo zaznacz odpowiedź do klienta
saved-all = Zapisane odpowiedzi
history-older = { $count ->
    [one] Wcześniej: { $count } wpis
    [few] Wcześniej: { $count } wpisy
   *[other] Wcześniej: { $count } wpisów
}
desk-take-reason = Powód przejęcia
desk-wait-otherwise = Zmień termin…
desk-until = do { $until }
desk-withdrawn = cofnięte
desk-changed-show = Pokaż
related-near = Podobne
desk-long-text = Długi tekst
desk-earlier = { $count ->
    [one] { $count } wcześniejsza wiadomość
    [few] { $count } wcześniejsze wiadomości
   *[other] { $count } wcześniejszych wiadomości
}
compose-duplicate = Ten klient widzi też odpowiedzi z { $main }.
compose-duplicates = { $count ->
    [one] Zobaczy ją też klient duplikatu.
   *[other] Zobaczą ją też klienci { $count } duplikatów.
}
findable = Dane są kompletne
findable-not = Czegoś brakuje, żeby znaleźć połączenie
findable-missing = Brakujące dane: { $missing }
evidence-findable-letter = Z
strip-example = Przykład
strip-examples = Inne przykłady od klienta
pieces-title = Dane połączenia
piece-missing = brak
piece-take-back = Wycofaj pytanie
piece-asked = zapytany
piece-ask = Zapytaj klienta
piece-fill = Wpisz
piece-title = Wpisz: { $piece }
piece-known = Teraz: { $value }
piece-save = Zapisz
stale-wish-ask = Zapytać klienta: { $piece }
stale-wish-take-back = Wycofać pytanie: { $piece }
stale-wish-fill = Wpisać, { $piece }: { $value }
desk-link = Link dla klienta
desk-link-title = Link dla klienta
desk-link-text = Kto go ma, widzi zgłoszenie i może w nim pisać. Podaj go tylko klientowi.
desk-link-none = To zgłoszenie jest starsze niż obecne linki. Klient ma swój; żeby go zobaczyć, zrób nowy.
desk-link-until = Link działa do { $date }.
desk-link-replace-text = Nowy link unieważnia wszystkie poprzednie.
desk-link-replace = Zrób nowy link
## A report that staff take down

desk-report = Przyjmij zgłoszenie
keys-report = przyjmij zgłoszenie za klienta
taken-title = Przyjmij zgłoszenie
taken-channel = Jak przyszło?
taken-contact = Oba pola są nieobowiązkowe, ale bez nich klient nie dostanie odpowiedzi.
taken-lang = Język klienta
taken-save = Zapisz
taken-save-take = Zapisz i weź
similar-title = Podobne otwarte zgłoszenia
similar-empty = Pokażą się tutaj, gdy wpiszesz numer albo konto.
similar-none = Nie ma otwartych z tym numerem ani kontem.
similar-count = { $count ->
    [one] { $count } otwarte zgłoszenie:
    [few] { $count } otwarte zgłoszenia:
   *[other] { $count } otwartych zgłoszeń:
}
similar-new-tab = (w nowej karcie)
taken-incident = Czy to znana awaria?
taken-incident-none = Nie, albo nie wiadomo
similar-incident = Pasuje do trwającej awarii:
similar-look = Szukaj podobnych

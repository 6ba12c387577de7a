# The staff page of a ticket: call summary, composer, related tickets.

call-summary-local = Czas lokalny ({ $zone })
call-summary-utc = UTC
call-summary-reported = Zgłoszono ({ $zone })
call-summary-code = Kod
call-summary-code-meaning = { $code }: { $meaning }
call-summary-error = Komunikat
call-summary-symptom = Objaw
call-summary-account = Konto SIP
call-summary-device = Urządzenie
call-summary-address = Publiczny IP
call-summary-reporter = IP zgłaszającego
call-summary-service = Usługa
call-summary-billing = W historii połączeń
call-summary-missing = nie podano
call-summary-typed = wpisano: { $text }
call-summary-extension = { $number } wew. { $extension }
call-summary-copy = Kopiuj
call-summary-copied = Skopiowano
call-summary-copy-by-hand = Tekst jest zaznaczony. Naciśnij Ctrl+C
call-summary-as-text = Jako tekst

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

desk-guide-path-count = { $count ->
    [one] { $count } pytanie i odpowiedź
    [few] { $count } pytania i odpowiedzi
   *[other] { $count } pytań i odpowiedzi
}
compose-kind = Rodzaj wiadomości
compose-reply = Odpowiedź do klienta
compose-note = Notatka wewnętrzna
compose-no-email = Klient nie podał e-maila. Zobaczy odpowiedź na stronie zgłoszenia; możesz też zadzwonić: { $phone }.
compose-send-to = Wyślij do { $email }
compose-saved-reply = Zapisana odpowiedź
compose-saved-reply-choose = Wybierz
compose-saved-reply-empty = Często piszesz to samo?
compose-insert = Wstaw
compose-restored = Przywrócony szkic.
compose-discard = Odrzuć
compose-note-not-sent = To notatka, więc jej nie wysłaliśmy. Zapisz ją jako notatkę albo zaznacz odpowiedź do klienta
replies-all = Zapisane odpowiedzi
history-older = { $count ->
    [one] Wcześniej: { $count } wpis
    [few] Wcześniej: { $count } wpisy
   *[other] Wcześniej: { $count } wpisów
}
desk-take-reason = Powód przejęcia
desk-change-waiting = Zmień termin…
desk-waiting-until = do { $until }
desk-undone = cofnięte
desk-show-changes = Pokaż
related-similar = Podobne
desk-long-text = Długi tekst
desk-earlier-messages = { $count ->
    [one] { $count } wcześniejsza wiadomość
    [few] { $count } wcześniejsze wiadomości
   *[other] { $count } wcześniejszych wiadomości
}
compose-duplicate = Ten klient widzi też odpowiedzi z { $main }.
compose-duplicates = { $count ->
    [one] Zobaczy ją też klient duplikatu.
   *[other] Zobaczą ją też klienci { $count } duplikatów.
}
details-complete = Dane są kompletne
details-incomplete = Czegoś brakuje, żeby znaleźć połączenie
details-missing = Brakujące dane: { $missing }
evidence-complete-letter = D
call-summary-example = Przykład
call-summary-examples = Inne przykłady od klienta
call-details-title = Dane połączenia
call-detail-missing = brak
call-detail-withdraw = Wycofaj pytanie
call-detail-requested = zapytany
call-detail-request = Zapytaj klienta
call-detail-enter = Wpisz
call-detail-title = Wpisz: { $detail }
call-detail-current = Teraz: { $value }
call-detail-save = Zapisz
intended-action-request-detail = Zapytać klienta: { $detail }
intended-action-withdraw-request = Wycofać pytanie: { $detail }
intended-action-provide-detail = Wpisać, { $detail }: { $value }
access-link = Link dla klienta
access-link-title = Link dla klienta
access-link-text = Kto go ma, widzi zgłoszenie i może w nim pisać. Podaj go tylko klientowi.
access-link-none = To zgłoszenie jest starsze niż obecne linki. Klient ma swój; żeby go zobaczyć, zrób nowy.
access-link-until = Link działa do { $date }.
access-link-rotate-text = Nowy link unieważnia wszystkie poprzednie.
access-link-rotate = Zrób nowy link
## Phone report, entered by staff

desk-phone-report = Przyjmij zgłoszenie
shortcut-report = przyjmij zgłoszenie za klienta
phone-report-title = Przyjmij zgłoszenie
phone-report-channel = Jak przyszło?
phone-report-contact = Oba pola są nieobowiązkowe, ale bez nich klient nie dostanie odpowiedzi.
phone-report-lang = Język klienta
phone-report-save = Zapisz
phone-report-save-take = Zapisz i weź
similar-title = Podobne otwarte zgłoszenia
similar-empty = Pokażą się tutaj, gdy wpiszesz numer albo konto.
similar-none = Nie ma otwartych z tym numerem ani kontem.
similar-count = { $count ->
    [one] { $count } otwarte zgłoszenie:
    [few] { $count } otwarte zgłoszenia:
   *[other] { $count } otwartych zgłoszeń:
}
similar-new-tab = (w nowej karcie)
phone-report-incident = Czy to znana awaria?
phone-report-incident-none = Nie, albo nie wiadomo
similar-incident = Pasuje do trwającej awarii:
similar-search = Szukaj podobnych

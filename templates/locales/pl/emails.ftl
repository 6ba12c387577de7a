# Outgoing e-mails: subjects, states, the staff page.

email-subject-received = Przyjęliśmy zgłoszenie { $reference }
email-subject-reply = Odpowiedź na zgłoszenie { $reference }
email-subject-detail-requested = Potrzebujemy jednej informacji: zgłoszenie { $reference }
email-subject-resolved = Rozwiązane: zgłoszenie { $reference }
email-subject-reopened = Sprawdzamy ponownie: zgłoszenie { $reference }
email-subject-access-link = Link do zgłoszenia { $reference }
email-hours = { $hours ->
    [one] Technik zajmie się nim w ciągu { $hours } godziny pracy.
   *[other] Technik zajmie się nim w ciągu { $hours } godzin pracy.
}

email-received = Przyjęcie zgłoszenia
email-reply = Odpowiedź
email-detail-requested = Pytanie
email-resolved = Rozwiązanie
email-reopened = Ponowne otwarcie
email-access-link = Link do strony zgłoszenia

email-state-waiting = do wysłania
email-state-scheduled = wyjdzie: { $moment }
email-state-sending = wysyłamy w tej chwili
email-state-sent = wysłano: { $moment }
email-state-needs-attention = nie wysłano, trzeba zdecydować
email-state-dropped = nie wyślemy
email-failure-server-unavailable = Serwer poczty jest niedostępny albo nie przyjmuje od nas e-maili.
email-failure-deferred = Serwer poczty odłożył przyjęcie na później.
email-failure-rejected = Serwer poczty odmówił. Sprawdź adres klienta.
email-failure-unconfirmed = Nie wiadomo, czy e-mail dotarł: połączenie z serwerem urwało się w trakcie wysyłania.
email-failure-invalid = Nie można złożyć tego e-maila albo adres klienta jest błędny.
email-failure-expired = Nie udało się go wysłać przez pięć dni.

emails-on-ticket = E-maile do klienta
emails-on-ticket-none = Nie pisaliśmy do klienta.
emails-no-address = Klient nie podał adresu e-mail, więc nie dostanie e-maili.
email-status-sent = Piszemy na adres { $email }. Ostatni e-mail wysłaliśmy: { $moment }.
email-status-waiting = Piszemy na adres { $email }. E-mail jeszcze nie wyszedł, wyślemy go, gdy tylko się da.
email-status-refused = E-mail na adres { $email } nie dotarł. Odpowiedzi są na tej stronie, więc zachowaj jej adres.

emails-title = E-maile wychodzące
desk-emails = E-maile wychodzące
emails-need-attention-count = do decyzji: { $count }
emails-need-attention = Do decyzji
emails-waiting = Do wysłania
emails-need-attention-lead = Tych e-maili program sam już nie wyśle. Wyślij je jeszcze raz albo z nich zrezygnuj.
emails-waiting-lead = Te e-maile wyjdą same, w tej kolejności.
emails-none-need-attention = Żaden e-mail nie wymaga decyzji.
emails-none-waiting = Nie ma e-maili do wysłania.
emails-none-further = Dalej nie ma już e-maili.
emails-not-configured = E-maile nie wychodzą
emails-not-configured-text = Nie ustawiono serwera poczty (DZWONI_SMTP_URL). E-maile wyjdą, gdy pojawi się to ustawienie. Starsze niż pięć dni trafią wtedy do decyzji.
emails-more = Następne
emails-resend-all = Wyślij wszystkie jeszcze raz
emails-discard-all = Zrezygnuj ze wszystkich
emails-discard-all-text = Klienci nie dostaną żadnego z tych e-maili. Odpowiedzi zostaną na stronach zgłoszeń.
emails-discard-all-button = Tak, zrezygnuj ze wszystkich
email-server-reply = Serwer:
email-next-attempt = Następna próba: { $moment }
email-attempts = { $count ->
    [one] Była { $count } próba.
    [few] Były { $count } próby.
   *[other] Było { $count } prób.
}
email-send-now = Wyślij teraz
email-resend = Wyślij jeszcze raz
email-resend-unsure = Wyślij jeszcze raz (klient może dostać go podwójnie)
email-discard = Nie wysyłaj

# Listy do klientów: tematy, stany, strona dla obsługi.

letter-subject-received = Przyjęliśmy zgłoszenie { $reference }
letter-subject-answered = Odpowiedź na zgłoszenie { $reference }
letter-subject-asked = Potrzebujemy jednej informacji: zgłoszenie { $reference }
letter-subject-resolved = Rozwiązane: zgłoszenie { $reference }
letter-subject-reopened = Sprawdzamy ponownie: zgłoszenie { $reference }
letter-subject-link = Link do zgłoszenia { $reference }
letter-hours = { $hours ->
    [one] Technik zajmie się nim w ciągu { $hours } godziny pracy.
   *[other] Technik zajmie się nim w ciągu { $hours } godzin pracy.
}

letter-received = Przyjęcie zgłoszenia
letter-answered = Odpowiedź
letter-asked = Pytanie
letter-resolved = Rozwiązanie
letter-reopened = Ponowne otwarcie
letter-link = Link do strony zgłoszenia

letter-state-waiting = czeka na wysłanie
letter-state-until = wyjdzie: { $moment }
letter-state-sending = wysyłamy w tej chwili
letter-state-sent = wysłano: { $moment }
letter-state-stuck = nie wysłano, trzeba zdecydować
letter-state-dropped = nie wyślemy
letter-trouble-server = Serwer poczty jest niedostępny albo nie przyjmuje od nas listów.
letter-trouble-later = Serwer poczty odłożył przyjęcie na później.
letter-trouble-refused = Serwer poczty odmówił. Sprawdź adres klienta.
letter-trouble-unsure = Nie wiadomo, czy list dotarł: połączenie z serwerem urwało się w trakcie wysyłania.
letter-trouble-unwritable = Nie można złożyć tego listu albo adres klienta jest błędny.
letter-trouble-late = Nie udało się go wysłać przez pięć dni.

letters-on-ticket = Listy do klienta
letters-on-ticket-none = Nie pisaliśmy do klienta.
letters-no-email = Klient nie podał adresu e-mail, listów nie będzie.
letter-told-sent = Piszemy na adres { $email }. Ostatni e-mail wysłaliśmy: { $moment }.
letter-told-waiting = Piszemy na adres { $email }. E-mail jeszcze nie wyszedł, wyślemy go, gdy tylko się da.
letter-told-refused = E-mail na adres { $email } nie dotarł. Odpowiedzi są na tej stronie, więc zachowaj jej adres.

letters-title = Listy do klientów
desk-letters = Listy
letters-need = do decyzji: { $count }
letters-stuck = Do decyzji
letters-waiting = Czekają
letters-stuck-lead = Tych listów program sam już nie wyśle. Wyślij je jeszcze raz albo z nich zrezygnuj.
letters-waiting-lead = Te listy wyjdą same, w tej kolejności.
letters-none-stuck = Żaden list nie wymaga decyzji.
letters-none-waiting = Żaden list nie czeka.
letters-none-further = Dalej nie ma już listów.
letters-no-way = Listy nie wychodzą
letters-no-way-text = Nie ustawiono serwera poczty (DZWONI_SMTP_URL). Listy czekają, aż pojawi się to ustawienie. Starsze niż pięć dni trafią wtedy do decyzji.
letters-more = Następne
letters-all-again = Wyślij wszystkie jeszcze raz
letters-all-never = Zrezygnuj ze wszystkich
letters-all-never-text = Klienci nie dostaną żadnego z tych listów. Odpowiedzi zostaną na stronach zgłoszeń.
letters-all-never-button = Tak, zrezygnuj ze wszystkich
letter-said = Serwer:
letter-next = Następna próba: { $moment }
letter-tries = { $count ->
    [one] Była { $count } próba.
    [few] Były { $count } próby.
   *[other] Było { $count } prób.
}
letter-now = Wyślij teraz
letter-again = Wyślij jeszcze raz
letter-again-unsure = Wyślij jeszcze raz (klient może dostać go podwójnie)
letter-never = Nie wysyłaj

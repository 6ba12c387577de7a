# The queue and its search field.

queue-previous = Poprzednia strona
queue-select = Zaznacz { $reference }
queue-select-all = Zaznacz wszystkie na stronie
queue-selected = Zaznaczone zgłoszenia
queue-page-empty = Na tej stronie nic już nie ma
queue-found = { $count ->
    [one] { $count } zgłoszenie
    [few] { $count } zgłoszenia
   *[other] { $count } zgłoszeń
}
# $count: how many are shown
queue-found-more = Pasuje więcej, niż pokazujemy ({ $count }). Dopisz dzień, kod albo więcej cyfr.
queue-search-examples = Można też:
# examples of what can be typed
queue-search-example-1 = kod:503
queue-search-example-2 = do:0044
queue-search-example-3 = wczoraj 14:00-14:30
queue-search-example-4 = moje
queue-search-example-5 = "brak wolnych linii"
col-select = Wybór

## Search terms as they were understood

search-ticket = zgłoszenie: { $reference }
search-number = numer: { $number }
search-part = cyfry numeru: { $number }
search-caller = od: { $number }
search-caller-part = od, cyfry: { $number }
search-callee = do: { $number }
search-callee-part = do, cyfry: { $number }
search-account = konto SIP: { $account }
search-withheld = od: numer zastrzeżony
search-email = e-mail: { $email }
search-ip = adres IP: { $ip }
search-code = kod: { $code }
search-day = dzień: { $day }
search-days = dni: { $from } – { $to }
search-date = { $weekday ->
    [1] pon.
    [2] wt.
    [3] śr.
    [4] czw.
    [5] pt.
    [6] sob.
   *[7] niedz.
} { $date }
search-hours = godziny: { $from }–{ $to }
search-hours-today = dziś: { $from }–{ $to }
search-mine = moje
search-unassigned = wolne
search-status = status: { $status }
search-active = niezakończone
search-category = kategoria: { $category }
search-exact = dokładnie: „{ $text }”
search-words = słowa: { $text }
search-unrecognized = nieczytelne: { $text }

# the CSV export
csv-download = Pobierz CSV
csv-reported = Zgłoszone
csv-waiting = Klient czeka od
csv-a = A
csv-a-typed = A, jak wpisano
csv-b = B
csv-b-typed = B, jak wpisano
csv-account = Konto SIP
csv-call-local = Połączenie, czas w Polsce
csv-call-utc = Połączenie, UTC
csv-precision = Dokładność, ± minut
csv-code = Kod SIP
csv-error = Komunikat lub objaw
csv-billing = W historii połączeń
csv-guide = Przejście przez poradnik
csv-checks = Wyniki sprawdzeń
csv-yes = tak
csv-no = nie
queue-incident = należy do awarii

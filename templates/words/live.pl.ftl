# What moves by itself at the desk, and its keys.

keys-title = Skróty klawiszowe
keys-on = Skróty jednym klawiszem są włączone
keys-close = Zamknij
keys-ticket = Zgłoszenie
keys-everywhere = Wszędzie
keys-move = w dół, w górę
keys-open = otwórz zgłoszenie
keys-select = zaznacz
keys-range = zaznacz aż dotąd
keys-clear = odznacz wszystkie
keys-take-selected = weź zaznaczone
keys-take = weź
keys-next = weź następne
keys-new = pokaż nowe
keys-reply = odpowiedź do klienta
keys-note = notatka wewnętrzna
keys-send = wyślij to, co piszesz
keys-resolve = rozwiązane
keys-wait = czekaj na wyjaśnienie
keys-copy = kopiuj dane połączenia
keys-up = wróć do kolejki
keys-search = szukaj
keys-leave = wyjdź z pola
keys-help = ta lista

here-viewing = { $name } ogląda
here-writing = { $name } pisze

live-lost = Połączenie przerwane. To, co widzisz, może być nieaktualne
live-over = Sesja się skończyła.
queue-new = { $count ->
    [one] { $count } nowe, pokaż
    [few] { $count } nowe, pokaż
   *[many] { $count } nowych, pokaż
}
queue-clear = Odznacz
looking-viewing = Ogląda: { $names }
looking-writing = Pisze: { $names }
queue-chosen = Zaznaczone:
keys-open-short = otwórz
keys-all = wszystkie skróty
keys-bulk = przypisz, status, notatka, scal
keys-undo = cofnij

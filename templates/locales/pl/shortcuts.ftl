# Keyboard shortcuts and live updates of the staff pages.

shortcut-title = Skróty klawiszowe
shortcut-on = Skróty jednym klawiszem są włączone
shortcut-close = Zamknij
shortcut-ticket = Zgłoszenie
shortcut-everywhere = Wszędzie
shortcut-move = w dół, w górę
shortcut-open = otwórz zgłoszenie
shortcut-select = zaznacz
shortcut-range = zaznacz aż dotąd
shortcut-clear = odznacz wszystkie
shortcut-take-selected = weź zaznaczone
shortcut-take = weź
shortcut-next = weź następne
shortcut-new = pokaż nowe
shortcut-reply = odpowiedź do klienta
shortcut-note = notatka wewnętrzna
shortcut-send = wyślij to, co piszesz
shortcut-resolve = rozwiązane
shortcut-wait = wstrzymaj
shortcut-copy = kopiuj dane połączenia
shortcut-up = wróć do kolejki
shortcut-search = szukaj
shortcut-leave = wyjdź z pola
shortcut-help = ta lista

presence-viewing = { $name } ogląda
presence-writing = { $name } pisze

live-lost = Połączenie przerwane. To, co widzisz, może być nieaktualne
live-session-ended = Sesja się skończyła.
queue-new = { $count ->
    [one] { $count } nowe, pokaż
    [few] { $count } nowe, pokaż
   *[many] { $count } nowych, pokaż
}
queue-clear-selection = Odznacz
viewers-viewing = Ogląda: { $names }
viewers-writing = Pisze: { $names }
queue-selected-count = Zaznaczone:
shortcut-open-short = otwórz
shortcut-all = wszystkie skróty
shortcut-bulk = przypisz, status, notatka, scal
shortcut-undo = cofnij

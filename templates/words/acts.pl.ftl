# What staff do to tickets.

reason = Powód
reason-hint = Zostanie w historii. Klient go nie widzi.

## Somebody else has it

held-title = To zgłoszenie prowadzi ktoś inny
held-button = Przejmij
held-leave = Zostaw
held-reason-missing = Napisz, dlaczego je przejmujesz

## Somebody was first

stale-wish-reply = Wysłać odpowiedź
stale-wish-merge = Scalić z { $main }
stale-wish-separate = Rozdzielić

## Waiting

wait-title = Czekaj na wyjaśnienie
wait-whom = Na kogo czekamy?
wait-until = Do kiedy?
wait-reason = Na co?
wait-button = Czekaj
until-none = bez terminu
until-tomorrow = do jutra
until-friday = do piątku
until-week = za tydzień
until-date = do dnia:
until-day = { $date }
until-day-field = Dzień
until-time-field = Godzina
until-hint = Bez godziny: od początku pracy tego dnia. Zgłoszenie wróci samo.
until-missing = Wybierz dzień
until-passed = Ta chwila już minęła. Wybierz późniejszą
until-far = To za daleko. Wybierz dzień w ciągu roku

## Merging

merge-title = Scal z innym zgłoszeniem
merge-text = To zgłoszenie stanie się duplikatem. Jego klient zobaczy odpowiedzi i status zgłoszenia głównego, a rozwiązanie głównego rozwiąże także to. Jeśli główne jest już rozwiązane, to zgłoszenie rozwiąże się od razu.
merge-into = Numer zgłoszenia głównego
merge-into-hint = Na przykład DZ-7K3M9-Q2XWG.
merge-button = Scal
merge-along = Razem z nim przejdą jego duplikaty:
merge-separate = Rozdziel
merge-missing = Wpisz numer zgłoszenia, z którym chcesz je scalić
merge-itself = { $reference } to to samo zgłoszenie albo jego duplikat. Wpisz inny numer
merge-into-spam = { $reference } to spam. Najpierw otwórz je ponownie albo wybierz inne
merge-stale = Zgłoszenie { $reference } właśnie się zmieniło. Spróbuj jeszcze raz
duplicate-title = To zgłoszenie jest duplikatem
duplicate-of = Duplikat { $main }.
duplicate-text = Kończy się razem ze zgłoszeniem głównym. Zrób to w głównym albo najpierw rozdziel te zgłoszenia.
duplicate-look = Zobacz { $main }

## Take next

next-button = Weź następne
next-none = Nikt nowy nie czeka.

## Many at once

bulk-assign = Przypisz…
bulk-status = Zmień status…
bulk-status-button = Zmień status
bulk-note = Notatka…
bulk-merge = Scal…
bulk-reason-hint = (potrzebny, gdy prowadzi je ktoś inny)
bulk-if-waiting = Gdy czeka
bulk-if-resolved = Gdy rozwiązane: odpowiedź do każdego klienta (nieobowiązkowa)
bulk-into-hint = (bez numeru: w najstarsze z zaznaczonych)
bulk-nothing = Nic nie jest zaznaczone
bulk-too-many = Zaznaczone: { $count }. Naraz zmienisz najwyżej { $most } zgłoszeń
bulk-back = Wróć do kolejki
bulk-again = { $count ->
    [one] Zmień { $count } zgłoszenie
    [few] Zmień { $count } zgłoszenia
   *[other] Zmień { $count } zgłoszeń
}
bulk-done = { $count ->
    [0] Nic się nie zmieniło.
    [one] Zmieniono { $count } zgłoszenie.
    [few] Zmieniono { $count } zgłoszenia.
   *[other] Zmieniono { $count } zgłoszeń.
}
bulk-merged = { $count ->
    [0] Nic się nie zmieniło.
    [one] Scalono { $count } zgłoszenie z { $main }.
    [few] Scalono { $count } zgłoszenia z { $main }.
   *[other] Scalono { $count } zgłoszeń z { $main }.
}
bulk-already = { $count ->
    [one] { $count } było takie już wcześniej.
    [few] { $count } były takie już wcześniej.
   *[other] { $count } było takich już wcześniej.
}
bulk-stale = { $count ->
    [one] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
    [few] { $count } zmienił ktoś w międzyczasie, zostały bez zmian.
   *[other] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
}
bulk-held = { $count ->
    [one] { $count } prowadzi ktoś inny: żeby je przejąć, podaj powód.
    [few] { $count } prowadzi ktoś inny: żeby je przejąć, podaj powód.
   *[other] { $count } prowadzi ktoś inny: żeby je przejąć, podaj powód.
}
bulk-duplicate = { $count ->
    [one] { $count } to duplikat i kończy się razem z głównym.
    [few] { $count } to duplikaty i kończą się razem z głównymi.
   *[other] { $count } to duplikaty i kończą się razem z głównymi.
}
bulk-gone = { $count ->
    [one] { $count } już nie ma.
    [few] { $count } już nie ma.
   *[other] { $count } już nie ma.
}
bulk-undo = Cofnij
bulk-undone = { $count ->
    [0] Nic nie zostało cofnięte.
    [one] Cofnięto { $count } zgłoszenie.
    [few] Cofnięto { $count } zgłoszenia.
   *[other] Cofnięto { $count } zgłoszeń.
}
bulk-undone-left = { $count ->
    [one] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
    [few] { $count } zmienił ktoś w międzyczasie, zostały bez zmian.
   *[other] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
}
bulk-late = Za późno, żeby to cofnąć. Można przez 15 sekund

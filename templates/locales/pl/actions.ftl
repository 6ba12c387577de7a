# Actions of staff on tickets.

reason = Powód
reason-hint = Zostanie w historii. Klient go nie widzi.

## Assigned to another staff member

assigned-to-other-title = To zgłoszenie prowadzi ktoś inny
assigned-to-other-take-over = Przejmij
assigned-to-other-cancel = Zostaw
assigned-to-other-reason-missing = Napisz, dlaczego je przejmujesz

## Edit conflict

intended-action-reply = Wysłać odpowiedź
intended-action-merge = Scalić z { $main }
intended-action-separate = Rozdzielić

## On hold

waiting-title = Wstrzymaj zgłoszenie
waiting-for-whom = Na kogo czekamy?
waiting-until = Do kiedy?
waiting-reason = Na co?
waiting-button = Wstrzymaj
follow-up-none = bez terminu
follow-up-tomorrow = do jutra
follow-up-friday = do piątku
follow-up-week = za tydzień
follow-up-date = do dnia:
follow-up-day = { $date }
follow-up-day-field = Dzień
follow-up-time-field = Godzina
follow-up-hint = Bez godziny: od początku pracy tego dnia. Zgłoszenie wróci samo.
follow-up-missing = Wybierz dzień
follow-up-in-past = Ta chwila już minęła. Wybierz późniejszą
follow-up-too-far = To za daleko. Wybierz dzień w ciągu roku

## Merging

merge-title = Scal z innym zgłoszeniem
merge-text = To zgłoszenie stanie się duplikatem. Jego klient zobaczy odpowiedzi i status zgłoszenia głównego, a rozwiązanie głównego rozwiąże także to. Jeśli główne jest już rozwiązane, to zgłoszenie rozwiąże się od razu.
merge-into = Numer zgłoszenia głównego
merge-into-hint = Na przykład DZ-7K3M9-Q2XWG.
merge-button = Scal
merge-moves-duplicates = Razem z nim przejdą jego duplikaty:
merge-separate = Rozdziel
merge-missing = Wpisz numer zgłoszenia, z którym chcesz je scalić
merge-same-ticket = { $reference } to to samo zgłoszenie albo jego duplikat. Wpisz inny numer
merge-into-spam = { $reference } to spam. Najpierw otwórz je ponownie albo wybierz inne
merge-conflict = Zgłoszenie { $reference } właśnie się zmieniło. Spróbuj jeszcze raz
duplicate-title = To zgłoszenie jest duplikatem
duplicate-of = Duplikat { $main }.
duplicate-text = Kończy się razem ze zgłoszeniem głównym. Zrób to w głównym albo najpierw rozdziel te zgłoszenia.
duplicate-open-main = Zobacz { $main }

## Take next

next-button = Weź następne
next-none = Nikt nowy nie czeka.

## Bulk actions

bulk-assign = Przypisz…
bulk-status = Zmień status…
bulk-status-button = Zmień status
bulk-note = Notatka…
bulk-merge = Scal…
bulk-reason-hint = (potrzebny, gdy prowadzi je ktoś inny)
bulk-if-waiting = Gdy wstrzymane
bulk-if-resolved = Gdy rozwiązane: odpowiedź do każdego klienta (nieobowiązkowa)
bulk-into-hint = (bez numeru: w najstarsze z zaznaczonych)
bulk-nothing = Nic nie jest zaznaczone
bulk-too-many = Zaznaczone: { $count }. Naraz zmienisz najwyżej { $most } zgłoszeń
bulk-back = Wróć do kolejki
bulk-form-title = { $count ->
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
bulk-unchanged = { $count ->
    [one] { $count } było takie już wcześniej.
    [few] { $count } były takie już wcześniej.
   *[other] { $count } było takich już wcześniej.
}
bulk-conflict = { $count ->
    [one] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
    [few] { $count } zmienił ktoś w międzyczasie, zostały bez zmian.
   *[other] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
}
bulk-assigned-to-other = { $count ->
    [one] { $count } prowadzi ktoś inny: żeby je przejąć, podaj powód.
    [few] { $count } prowadzi ktoś inny: żeby je przejąć, podaj powód.
   *[other] { $count } prowadzi ktoś inny: żeby je przejąć, podaj powód.
}
bulk-duplicate = { $count ->
    [one] { $count } to duplikat i kończy się razem z głównym.
    [few] { $count } to duplikaty i kończą się razem z głównymi.
   *[other] { $count } to duplikaty i kończą się razem z głównymi.
}
bulk-not-found = { $count ->
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
bulk-undone-skipped = { $count ->
    [one] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
    [few] { $count } zmienił ktoś w międzyczasie, zostały bez zmian.
   *[other] { $count } zmienił ktoś w międzyczasie, zostało bez zmian.
}
bulk-undo-expired = Za późno, żeby to cofnąć. Można przez 15 sekund

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
until-week = tydzień
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
merge-text = To zgłoszenie stanie się duplikatem. Jego klient zobaczy odpowiedzi i status zgłoszenia głównego, a rozwiązanie głównego rozwiąże i to.
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
duplicate-text = Kończy się razem ze zgłoszeniem głównym. Zrób to w głównym albo najpierw je rozdziel.
duplicate-look = Zobacz { $main }

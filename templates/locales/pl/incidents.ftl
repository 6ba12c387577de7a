# Incidents: public pages and staff pages.

incidents-title = Znane utrudnienia
incidents-past = Zakończone
incidents-none-now = Nie wiemy teraz o żadnym utrudnieniu.
incidents-none-past = Nic tu jeszcze nie ma.
incidents-feed = Kanał Atom
incidents-feed-hint = Masz czytnik wiadomości? Dodaj ten kanał, a dowiesz się o nowych utrudnieniach.
incident-current = Trwa utrudnienie:
incidents-current = { $count ->
    [one] Trwa utrudnienie:
   *[other] Trwają utrudnienia:
}
incident-ongoing = Trwa
incident-ended = Zakończone
incident-ongoing-text = Naprawiamy to. Każda nowa wiadomość pojawi się na tej stronie.
incident-ended-text = U Ciebie nadal coś nie działa? Przyczyna może być inna:
incident-join = Mnie też to dotyczy
incident-more = Co już wiemy
incident-period = Od { $from }.
incident-period-until = Od { $from }, przewidywany koniec: { $until }.
incident-period-ended = Od { $from } do { $to }.
incident-timeline = Przebieg
incident-affects = Czego dotyczy
incident-affects-all = Wszystkich połączeń
incident-numbers = Numery, które zaczynają się od:
incident-me-too = Masz ten sam problem?
incident-me-too-hint = Naciśnij przycisk, a policzymy Cię razem z innymi. Bez logowania i bez formularza.
incident-joined-title = Dziękujemy, policzone
incident-joined-text = Pomoże nam też przykład Twojego połączenia. Jeśli go podasz, napiszemy do Ciebie, gdy coś się zmieni i gdy wszystko będzie działać.
incident-example = Podaj swój przykład połączenia

subscription-title = Napisać do Ciebie o zmianach?
subscription-hint = Wyślemy e-mail z linkiem do potwierdzenia. Adres usuniemy cztery tygodnie po końcu utrudnienia.
subscription-button = Piszcie do mnie
subscription-requested = Sprawdź pocztę
subscription-address-saved = Adres jest zapisany
subscription-requested-text = Wysłaliśmy e-mail z linkiem. Zaczniemy pisać, gdy potwierdzisz adres. Jeśli nie ma go po kilku minutach, zajrzyj do spamu albo podaj adres jeszcze raz.
subscription-requested-no-mail = Poczta teraz nie wychodzi. E-mail z linkiem do potwierdzenia wyślemy, gdy tylko się da.
subscription-confirm-title = Czy pisać do Ciebie o tym utrudnieniu?
subscription-confirm-text = Napiszemy na adres { $email }, gdy coś się zmieni i gdy wszystko będzie działać.
subscription-confirm = Tak, piszcie do mnie
subscription-delete-address = Usuńcie mój adres
subscription-active = Piszemy do Ciebie o tym utrudnieniu
subscription-active-text = Piszemy na adres { $email }, gdy coś się zmieni, i napiszemy, gdy wszystko będzie działać.
subscription-cancel = Nie piszcie więcej
subscription-incident-ended = To utrudnienie jest usunięte
subscription-incident-ended-text = Nie będzie więcej wiadomości. Twój adres usuniemy cztery tygodnie po końcu utrudnienia albo od razu, jeśli chcesz.
subscription-none = Nie piszemy do Ciebie o tym utrudnieniu
subscription-none-text = Nie mamy już Twojego adresu. O każdym trwającym utrudnieniu dowiesz się ze strony.

report-incident = Czy chodzi o utrudnienie, o którym już wiemy?
report-incident-hint = Jeśli tak, napiszemy do Ciebie, gdy coś się zmieni i gdy wszystko będzie działać.
report-incident-none = Nie, to coś innego

desk-incidents = Awarie
incident = Awaria
incidents-open = W toku
incidents-none-open = Nie ma żadnej awarii
incidents-none-open-text = Gdy kilka osób zgłosi to samo, propozycja pojawi się tu sama.
incidents-more = Następne
incidents-none-further = Dalej nic nie ma
incident-new = Nowa awaria
incident-edit = Zmień opis
incident-state-proposed = propozycja
incident-state-dismissed = odrzucona
incident-state-draft = szkic
incident-state-published = opublikowana
incident-state-resolving = kończy się
incident-state-resolved = zakończona
incident-tickets-count = { $count ->
    [0] Żadnego zgłoszenia
    [one] { $count } zgłoszenie
    [few] { $count } zgłoszenia
   *[other] { $count } zgłoszeń
}
incident-candidates-count = { $count ->
    [one] { $count } może tu należeć
    [few] { $count } mogą tu należeć
   *[other] { $count } może tu należeć
}
incident-by-customer = { $count ->
    [one] { $count } dołączył klient
    [few] { $count } dołączyli klienci
   *[other] { $count } dołączyli klienci
}
incident-in-pl = Po polsku
incident-in-en = Po angielsku
incident-title = Tytuł
incident-text = Opis dla klientów
incident-text-hint = Co nie działa, u kogo, co robimy i kiedy będzie następna wiadomość. Oba języki są potrzebne.
incident-categories = Problem
incident-categories-hint = (bez zaznaczenia: każdy)
incident-codes = Kody
incident-prefixes = Numery B zaczynają się od
incident-prefixes-hint = Na przykład 0044 20, 22 55. Kilka oddziel przecinkami.
incident-addresses = Adresy klientów
incident-addresses-hint = Na przykład 203.0.113.0/24. Kilka oddziel przecinkami.
incident-began = Od kiedy
incident-until = Przewidywany koniec
incident-missing-text-en = Wpisz tekst po angielsku
incident-missing-text-pl = Wpisz tekst po polsku
incident-missing-title-en = Wpisz tytuł po angielsku
incident-missing-title-pl = Wpisz tytuł po polsku
incident-moment-invalid = Nie ma takiej daty i godziny. Wpisz na przykład 2026-11-22 14:05
incident-until-before = Koniec musi być po początku
incident-prefix-invalid = To nie jest początek numeru: „{ $text }”. Wpisz na przykład 0044 20
incident-address-invalid = To nie jest adres ani sieć: „{ $text }”. Wpisz na przykład 203.0.113.0/24
incident-list-too-long = Za dużo naraz: { $count }. Zmieści się najwyżej { $most }
incident-preview = Tak to zobaczą klienci
incident-preview-button = Podgląd
incident-conflict = Ktoś zmienił tę awarię przed Tobą ({ $name }). Tak wygląda teraz
incident-text-incomplete = Brakuje tytułu albo opisu w jednym z języków. Uzupełnij opis
incident-tickets-in-other = { $count ->
    [one] { $count } zgłoszenie należy już do innej awarii i tam zostaje.
    [few] { $count } zgłoszenia należą już do innej awarii i tam zostają.
   *[other] { $count } zgłoszeń należy już do innej awarii i tam zostaje.
}
incident-proposal = Czy to jest jedna awaria?
incident-proposal-text = Te zgłoszenia są do siebie podobne i przyszły prawie naraz. Klienci nie widzą tej propozycji.
incident-confirm = Tak, to jedna awaria
incident-dismiss = Nie, odrzuć
incident-dismissed-text = Te zgłoszenia nie wrócą jako propozycja.
incident-undo = Cofnij
incident-unconfirm = Cofnij potwierdzenie
incident-proposed-again = Jest już nowsza propozycja tego samego rodzaju
incident-publish = Opublikuj
incident-draft-text = Klienci jeszcze tego nie widzą.
incident-public = Strona dla klientów
incident-progress = Rozwiązane zgłoszenia:
incident-refresh = Odśwież
incident-joined = Zgłoszenia
incident-visitors = Kliknęli „Mnie też to dotyczy”
incident-subscribers = Obserwują e-mailem
incident-emails = E-maile do klientów
incident-send-update = Napisz do wszystkich, którzy dołączyli
incident-send-update-text = Wiadomość pojawi się na stronach dla klientów i pójdzie e-mailem, po jednym na każdy adres.
incident-send-update-button = Wyślij wiadomość
incident-resolve-button = { $count ->
    [0] Wyślij i zakończ awarię
    [one] Wyślij, zakończ i rozwiąż { $count } zgłoszenie
    [few] Wyślij, zakończ i rozwiąż { $count } zgłoszenia
   *[other] Wyślij, zakończ i rozwiąż { $count } zgłoszeń
}
incident-resolve-hint = Zakończenia nie można cofnąć.
incident-updates = Wiadomości
incident-candidates = Mogą tu należeć
incident-join-chosen = Dołącz zaznaczone
incident-decline-chosen = Zaznaczone nie należą
incident-tickets = Dołączone zgłoszenia
incident-leave-chosen = Odłącz zaznaczone
incident-membership = { $count ->
    [one] Czy należy do tej awarii?
   *[other] Czy należy do którejś z tych awarii?
}
incident-membership-yes = Tak, dołącz
incident-membership-no = Nie
incident-leave = Odłącz od awarii
incident-other = To zgłoszenie należy już do innej awarii: „{ $title }”
incident-closed = To zgłoszenie jest zakończone, nie może dołączyć do awarii
incident-duplicate = To jest duplikat. Do awarii dołącza zgłoszenie główne
incident-not-found = Tej awarii już nie ma albo jest zakończona
incident-cluster-code-and-prefix = { $category }: { $code }, { $prefix }
incident-cluster-code = { $category }: { $code }
incident-cluster-prefix = { $category }: { $prefix }
bulk-incident = Awaria…
bulk-incident-label = Dołącz do awarii
bulk-incident-button = Dołącz
bulk-incident-missing = Wybierz awarię
bulk-incident-other = { $count ->
    [one] { $count } należy do innej awarii.
    [few] { $count } należą do innej awarii.
   *[other] { $count } należy do innej awarii.
}
bulk-incident-closed = { $count ->
    [one] { $count } jest już zakończone.
    [few] { $count } są już zakończone.
   *[other] { $count } jest już zakończonych.
}

event-incident-joined = { $who }: dołączone do awarii „{ $title }”
event-incident-joined-customer = { $who }: dotyczy go awaria „{ $title }”
event-incident-left = { $who }: odłączone od awarii „{ $title }”
event-resolved-in-incident = Rozwiązane razem z awarią nr { $incident }
customer-timeline-incident-joined = Dołączone do znanego utrudnienia

email-incident-update = Wiadomość o awarii
email-incident-resolved = Koniec awarii
email-incident-subscription = Potwierdzenie adresu
email-subject-subscription-confirm = Potwierdź adres: { $title }
email-subject-subscription-update = Nowa wiadomość: { $title }
email-subject-subscription-resolved = Naprawione: { $title }
email-subject-incident-update = { $title }: zgłoszenie { $reference }
email-subject-incident-resolved = Naprawione: { $title }, zgłoszenie { $reference }
customer-incident = Chodzi o znane utrudnienie. Napiszemy, gdy coś się zmieni:
customer-incident-ask = { $count ->
    [one] Trwa utrudnienie. Czy dotyczy też Ciebie?
   *[other] Trwają utrudnienia. Czy któreś dotyczy też Ciebie?
}
customer-incident-join = Tak, dotyczy mnie
customer-flash-incident = Dołączyliśmy zgłoszenie do tego utrudnienia.

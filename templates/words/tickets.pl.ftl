# The ticket: its kinds, its states, its history, and the customer's page.

category-logged-out = Telefon lub aplikacja się nie loguje
category-audio = Słychać źle albo wcale
category-incoming = Nikt nie może się do mnie dodzwonić
category-unknown = Jeszcze nie wiadomo, co się dzieje
category-outgoing = Nie mogę zadzwonić
status-new = nowe
status-open = w toku
status-waiting = czeka
status-resolved = rozwiązane
status-spam = spam
status-duplicate = duplikat
channel-web = formularz
channel-phone = telefon
channel-chat = czat
channel-email = e-mail
service-virtual-pbx = Wirtualna Centrala
service-mini-voip = Mini VoIP
service-single-number = Pojedynczy numer
service-unknown = Nie wiem
precision-exact = Dokładna
precision-5min = Do 5 minut
precision-30min = Do pół godziny
billing-yes = Tak, jest na liście
billing-no = Nie ma go
billing-unknown = Nie wiem
symptom-none = Cisza po obu stronach
symptom-one-way-me = Nie słyszę rozmówcy
symptom-one-way-them = Rozmówca mnie nie słyszy
symptom-choppy = Przerwy, głos się rwie
symptom-echo = Echo
symptom-noise = Szumy, trzaski
symptom-dropped = Rozmowa się zrywa
symptom-delay = Duże opóźnienie

reference-wrong-form = Numer zgłoszenia ma litery DZ i dziesięć znaków, na przykład DZ-7K3M9-Q2XWG. Sprawdź, czy jest cały
reference-wrong-check = W tym numerze zgłoszenia jest pomyłka: któryś znak jest inny. Porównaj go jeszcze raz

actor-customer = Klient
actor-system = System
event-opened = Przyjęto, { $channel }
event-sent-again = Formularz przyszedł jeszcze raz, z innymi danymi
event-taken = { $who }: wzięte
event-taken-over = { $who }: przejęte od { $was }
event-assigned = { $who }: przypisane do { $name }
event-released = { $who }: oddane do kolejki
event-released-of = { $who }: odebrane ({ $was }) i oddane do kolejki
event-status = { $who }: status „{ $status }”
event-resolved = { $who }: rozwiązane
event-reopened = { $who }: otwarte ponownie
event-spam = { $who }: oznaczone jako spam
event-noted = { $who }: notatka
event-replied = { $who }: odpowiedź do klienta
event-and-took = { $told }, wzięte
event-because = { $told }: „{ $reason }”
event-waits = { $who }: czeka na wyjaśnienie
event-waits-customer = { $who }: czeka na klienta
event-waits-carrier = { $who }: czeka na operatora
event-until = { $told }, do { $until }
event-came-back = Termin minął, zgłoszenie wróciło do pracy
event-merged = { $who }: scalone, duplikat { $main }
event-merged-resolved = { $who }: scalone, duplikat { $main }, rozwiązane razem z nim
event-absorbed = { $count ->
    [one] { $who }: dołączony duplikat { $duplicates }
   *[other] { $who }: dołączone duplikaty { $duplicates }
}
event-separated = { $who }: rozdzielone, już nie duplikat { $main }
event-separated-spam = { $who }: rozdzielone, bo { $main } to spam
event-let-go = { $count ->
    [one] { $who }: odłączony duplikat { $duplicates }
   *[other] { $who }: odłączone duplikaty { $duplicates }
}
event-resolved-with = { $who }: rozwiązane razem z { $main }
event-follows-again = { $who }: otwarte ponownie razem z { $main }
event-settled = { $who } potwierdza dane z e-maila
event-corrected = { $who } poprawia dane z e-maila: { $fields }
settled-was = { $field } (było: { $was })
guess-category = Kategoria
guess-caller = A
guess-callee = B
guess-when = Czas
guess-error = Komunikat
guess-symptom = Objaw
guess-account = Konto SIP
guessed = odgadnięte
event-undone = { $who }: cofnięte
whom-customer = klienta
whom-carrier = operatora

track-title = Sprawdź zgłoszenie
track-lead = Wpisz numer zgłoszenia i kod dostępu. Oba są na stronie, która pokazała się po wysłaniu zgłoszenia, i w jej adresie.
track-reference = Numer zgłoszenia
track-reference-hint = Na przykład DZ-7K3M9-Q2XWG.
track-key = Kod dostępu
track-key-hint = 26 liter i cyfr. Kreski i wielkość liter nie mają znaczenia.
track-key-missing = Wpisz kod dostępu. Jest na stronie zgłoszenia, pod numerem
track-open = Pokaż zgłoszenie
track-not-found = Nie możemy pokazać tego zgłoszenia
track-refused = Numer zgłoszenia i kod dostępu do siebie nie pasują. Sprawdź oba

track-heading = Zgłoszenie
track-as-of = zmiana:
track-status-new = Przyjęte
track-status-open = Sprawdzamy
track-status-duplicate = Sprawdzamy
track-status-waiting = Czekamy na wyjaśnienie
track-status-resolved = Rozwiązane
track-status-spam = Przyjęte
track-next = Co będzie dalej
track-next-new = { $hours ->
    [one] Zgłoszenie jest w kolejce. Technik zajmie się nim w ciągu { $hours } godziny pracy. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
   *[other] Zgłoszenie jest w kolejce. Technik zajmie się nim w ciągu { $hours } godzin pracy. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
}
track-next-open = Technik sprawdza Twoje połączenie. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
track-next-waiting = Czekamy na odpowiedź operatora albo na wynik próby. Gdy ją dostaniemy, napiszemy tutaj.
track-next-waiting-you = Czekamy na informację od Ciebie. O co chodzi, jest w przebiegu. Zadzwoń albo napisz do nas, kontakt jest na dole strony.
track-next-waiting-carrier = Czekamy na odpowiedź operatora. Gdy ją dostaniemy, napiszemy tutaj.
track-together = Rozpatrujemy je razem z innym zgłoszeniem tej samej usterki. Odpowiedzi, które dotyczą obu, są też na tej stronie.
track-next-resolved = Problem jest rozwiązany. Jeśli wróci, zgłoś nowe połączenie.
track-again = Zgłoś kolejne połączenie
track-course = Przebieg
track-course-opened = Zgłoszenie przyjęte
track-course-sent-again = Formularz przyszedł drugi raz, nowe dane są dopisane
track-course-taken = Technik zajął się zgłoszeniem
track-course-merged = Połączone z innym zgłoszeniem tej samej usterki
track-course-replied = Odpowiedź
track-course-resolved = Rozwiązane
track-course-reopened = Otwarte ponownie
track-course-later = Odpowiedź z wynikiem
track-by = { $name }, dział techniczny
track-to-you = pisze do Ciebie
track-reported = Co jest w zgłoszeniu
track-category = Problem
track-caller = Dzwonił
track-callee = Na numer
track-when = Kiedy
track-billing = W historii połączeń
track-error = Komunikat
track-contact = Kontakt
track-none = nie podano
track-typed = wpisano: { $text }
track-answers = Twoje odpowiedzi w poradniku
track-keep = Zachowaj tę stronę
track-keep-text = Dodaj ją do zakładek albo zapisz numer i kod. Kto ma kod, widzi zgłoszenie, więc nie udostępniaj go publicznie.

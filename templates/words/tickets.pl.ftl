# The ticket: its kinds, its states, its history.

category-logged-out = Telefon lub aplikacja się nie loguje
category-audio = Słychać źle albo wcale
category-incoming = Nikt nie może się do mnie dodzwonić
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
event-undone = { $who }: cofnięte
event-taken-down = { $who }: zgłoszenie przyjęte za klienta, { $channel }
event-asked = { $who }: pytanie do klienta: { $piece }
event-filled = { $who }, { $piece }: { $now }
event-filled-over = { $who }, { $piece }: { $now } (było: { $was })
event-typed = { $value }, wpisano „{ $text }”
event-wrote = { $who }: wiadomość
event-works = { $who }: już działa
event-works-resolved = { $who }: już działa, rozwiązane
event-fails = { $who }: nadal nie działa
event-example = { $who }: kolejny przykład połączenia
event-back = { $told }, otwarte ponownie
event-back-separated = { $told }, otwarte ponownie, już nie duplikat { $main }
event-heard-from = Odezwał się klient duplikatu { $duplicate }
event-rekeyed = { $who }: nowy link do strony zgłoszenia
event-link = Prośba o link, wysłany na e-mail klienta
piece-caller = kto dzwonił
piece-callee = na jaki numer
piece-time = dokładna godzina
piece-message = komunikat lub kod
value = { $text }
value-extension = { $number } wew. { $extension }
value-about = { $moment }, z dokładnością do { $minutes } min
message-missing = Napisz coś, zanim wyślesz
whom-customer = klienta
whom-carrier = operatora

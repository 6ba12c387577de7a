# The address check: whether the visitor's address is blocked, and what to do about it.

check-address = Adres IP
address-title = Czy Twój adres jest zablokowany?
address-result-not-blocked = Adres { $ip } nie jest zablokowany
address-result-lifted = Adres { $ip } nie jest już zablokowany, blokada zdjęta: { $at }
address-result-blocked = Adres { $ip } jest zablokowany
address-result-blocked-until = Adres { $ip } jest zablokowany do { $until }
address-result-not-public = Widzimy tylko adres wewnętrzny { $ip }
address-result-unknown = Twój adres to { $ip }. Nie możemy teraz sprawdzić, czy jest zablokowany
address-ip = Adres
address-kind = Rodzaj
address-kind-public = { $family }, publiczny
address-kind-private = { $family }, z sieci domowej lub firmowej
address-kind-shared = { $family }, wspólny dla wielu klientów dostawcy
address-kind-local = { $family }, tylko w obrębie urządzenia lub kabla
address-block = Blokada obejmuje
address-reason = Powód
address-since = Od kiedy
address-until = Do kiedy
address-reason-wrong-password = wiele logowań ze złym hasłem
address-reason-scanning = z tego adresu ktoś szukał słabych punktów naszej sieci
address-reason-abuse = nadużycia z tego adresu
address-reason-other = inny, sprawdzi go technik

address-not-blocked-text = Nasza sieć przyjmuje Twoje urządzenia. Jeśli telefon się nie loguje, przyczyna jest gdzie indziej: w haśle, ustawieniach lub łączu.
address-lifted-text = Nasze serwery dowiadują się o tym zwykle w kilka minut. Potem uruchom telefon lub aplikację ponownie i spójrz na lampkę przy koncie. Jeśli któreś urządzenie nadal ma złe hasło, blokada wróci.
address-blocked-text = Żaden telefon i żadna aplikacja pod tym adresem nie zaloguje się do nas, także te ustawione dobrze.
address-unknown-text = Spróbuj za chwilę jeszcze raz albo zgłoś nam ten adres: sprawdzimy, czy nie jest zablokowany.
address-not-public-private = Takie adresy mają urządzenia w sieci domowej lub firmowej. Ta strona i nasz serwer są w jednej sieci, więc Twojego adresu publicznego stąd nie widać. Otwórz stronę przez internet.
address-not-public-shared = Takich adresów dostawcy internetu używają wewnątrz swojej sieci. Twój adres publiczny jest inny, stąd go nie widać. Poda Ci go dostawca.
address-not-public-local = Taki adres działa tylko w obrębie urządzenia lub kabla. Twojego adresu publicznego stąd nie widać. Otwórz stronę przez internet.
address-guide = Przejdź do poradnika: { $guide }

address-first-steps = Najpierw znajdź przyczynę
address-first-text = Najczęściej to złe hasło w jednym z kilku urządzeń.
address-first-check-devices = Przejrzyj każde miejsce, w którym jest konto od nas: telefony na biurkach, aplikacje w komórkach i komputerach, bramkę, domofon, stary telefon w szufladzie.
address-first-retype-password = Wpisz w nich hasło konta SIP jeszcze raz. To inne hasło niż do Panelu Klienta.
address-first-turn-off = Urządzenie, którego nie możesz sprawdzić, wyłącz. Inaczej blokada wróci.
address-lift = Hasła są poprawione, zdejmij blokadę
address-lift-hint = Zdejmiesz ją tylko z adresu, z którego otwierasz teraz tę stronę: { $ip }.
address-lift-later = Blokadę z tego adresu można zdjąć ponownie od: { $at }
address-lift-later-text = Była już dziś zdejmowana i wróciła, więc któreś urządzenie nadal ma złe hasło. Jeśli nie możesz go znaleźć, zgłoś to nam.
address-staff-only = Tę blokadę zdejmuje nasz technik
address-staff-only-text = Wyślij zgłoszenie. Dołączymy do niego ten wynik, a technik sprawdzi, skąd wzięła się blokada.
address-report = Zgłoś zablokowany adres
address-report-unknown = Zgłoś ten adres do sprawdzenia

address-aside = Wskazówki
address-network = Czy to ta sama sieć?
address-network-text = Telefon lub aplikacja z problemem musi być w tej samej sieci co to urządzenie, na przykład w tym samym Wi-Fi. Wyłącz tu na chwilę dane komórkowe i VPN i otwórz stronę jeszcze raz.
address-family = IPv4 i IPv6
address-family-4 = Tę stronę otwierasz przez IPv4. Jeśli Twoja sieć ma też IPv6, telefon może łączyć się tamtym adresem. Stąd go nie widać, więc nie wiemy, czy nie jest zablokowany.
address-family-6 = Tę stronę otwierasz przez IPv6. Twoja sieć ma zwykle także adres IPv4 i telefony najczęściej używają właśnie jego. Stąd go nie widać, więc nie wiemy, czy nie jest zablokowany.

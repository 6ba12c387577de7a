# The report form.

choose-title = Co chcesz zgłosić?
choose-lead = Wybierz, co się stało. Zapytamy tylko o to, co potrzebne.

report-title = Zgłoś połączenie, które się nie udało
report-title-audio = Zgłoś rozmowę, w której źle słychać
report-title-account = Zgłoś konto, które się nie loguje
report-lead = Opisz jedną konkretną próbę. Dzięki temu technik odnajdzie ją w zapisach sieci.
report-lead-audio = Opisz jedną konkretną rozmowę. Dzięki temu technik odnajdzie ją w zapisach sieci.
report-lead-account = Podaj konto SIP i urządzenie. Sprawdzimy, dlaczego sieć go nie widzi.
form-errors-title = { $count ->
    [1] Trzeba poprawić jedną rzecz
    [few] Trzeba poprawić { $count } rzeczy
   *[other] Trzeba poprawić { $count } rzeczy
}

report-category = Co się stało?
report-category-missing = Zaznacz, co się stało
report-caller = Kto dzwonił?
report-caller-hint = Numer albo konto SIP. W Wirtualnej Centrali i Mini VoIP podaj konto SIP.
report-caller-hint-incoming = Numer osoby, która próbowała się dodzwonić. Jeśli go nie znasz, wpisz „zastrzeżony”.
report-callee = Na jaki numer?
report-callee-hint = Dokładnie tak, jak był wybrany.
report-callee-hint-incoming = Twój numer, na który ktoś dzwonił.
party-description = { $number }, { $kind }
party-with-extension = { $number } wew. { $extension }, { $kind }

report-when = Kiedy?
report-day = Dzień
report-day-now = Przed chwilą
report-day-today = Dziś
report-day-yesterday = Wczoraj
report-day-other = Inna data
report-date = Którego dnia?
report-date-hint = Na przykład 22.11.2026.
report-time = O której godzinie?
report-time-hint = Na przykład 14:05, 1405 albo „około 14”.
report-fold = Która to była godzina?
report-precision = Jak pewna jest ta godzina?

report-symptom = Co było słychać?
report-symptom-missing = Zaznacz, co było słychać
report-error_text = Jaki był komunikat lub kod błędu?
report-error_text-hint = Dokładna treść zapowiedzi albo kod z ekranu.
report-no_error = Nie było żadnego komunikatu ani kodu
report-no_error-answer = Nie było komunikatu ani kodu
report-in_billing = Czy to połączenie widać w historii połączeń?
report-in_billing-hint = Sprawdzisz to w Panelu Klienta:
report-billing-missing = Zaznacz, czy to połączenie widać w historii połączeń

report-account = Które konto SIP?
report-account-hint = Na przykład 101, 12345-101 albo anna@example.org.
report-device = Jaki telefon lub aplikacja?
report-device-hint = Na przykład model telefonu albo nazwa aplikacji.
report-public_ip = Publiczny adres IP telefonu
report-public_ip-hint = Widzimy teraz { $ip }. Wpisz inny adres, jeśli telefon jest w innej sieci.
report-ip-invalid = To nie jest adres IP. Wpisz na przykład 203.0.113.7 albo zostaw pole puste

report-service = Jaką masz usługę?
report-description = Co jeszcze warto wiedzieć?
report-description-hint = Na przykład od kiedy tak jest i czy zawsze, czy tylko czasem.
report-description-hint-account = Napisz dokładną datę i godzinę, od której konto jest wylogowane, i co zmieniło się tuż przed tym. Przy nowym koncie: kiedy ostatnio próbowało się zalogować.
report-contact = Jak się z Tobą skontaktować?
report-contact-hint = Wystarczy jedno: e-mail albo numer innego, działającego telefonu.
report-contact-missing = Podaj e-mail albo numer telefonu, żebyśmy mogli odpowiedzieć
report-email = E-mail
report-email-invalid = To nie wygląda na adres e-mail. Wpisz na przykład jan.nowak@example.com
report-phone = Telefon
report-phone-hint = Numer, pod którym możemy teraz zadzwonić.
report-phone-invalid = Wpisz pełny numer telefonu, na przykład 601 555 210
report-too-long = { $count ->
    [one] Ten tekst ma { $count } znak, a zmieści się { $most }. Skróć go
    [few] Ten tekst ma { $count } znaki, a zmieści się { $most }. Skróć go
   *[other] Ten tekst ma { $count } znaków, a zmieści się { $most }. Skróć go
}
report-website = Zostaw to pole puste
report-send = Wyślij zgłoszenie
report-switch-language = Pokaż ten formularz po polsku
report-nothing-lost = Nic nie zginęło: Twoje odpowiedzi są tutaj, dopóki nie wyślesz zgłoszenia.
report-privacy = Zgłoszenie zobaczą tylko nasi technicy. Danych użyjemy, żeby znaleźć przyczynę i Ci odpowiedzieć.

report-attached = Dołączymy do zgłoszenia
report-attached-ip = Publiczny adres IP
report-attached-browser = Dołączymy też nazwę Twojej przeglądarki.

report-refused-title = Zgłoszenie jeszcze nie jest wysłane
report-refused-unavailable = Nie możemy go teraz przyjąć. Wszystko, co jest wpisane, zostało na tej stronie. Odczekaj chwilę i wyślij je jeszcze raz.
report-refused-rate-limited = Z tego adresu przyszło teraz bardzo wiele zgłoszeń. Wszystko, co jest wpisane, zostało na tej stronie. Odczekaj chwilę i wyślij je jeszcze raz.
report-refused-phone = Pilne? Zadzwoń:

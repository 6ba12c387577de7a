# The layout of all pages, forms in general, and error pages.

skip = Przejdź do treści
back = Wstecz
nav-label = Serwis
nav-ticket = Sprawdź zgłoszenie
nav-other-language = English
footer-title = Wolisz porozmawiać z człowiekiem?
footer-phone = Telefon
footer-email = E-mail
footer-reply = { $hours ->
    [one] odpowiadamy w ciągu { $hours } godziny pracy
   *[other] odpowiadamy w ciągu { $hours } godzin pracy
}
footer-chat = Czat
footer-chat-open = Otwórz rozmowę
footer-panel = Panel Klienta
footer-staff = Dla pracowników
business-hours-day = { $day ->
    [1] pon.
    [2] wt.
    [3] śr.
    [4] czw.
    [5] pt.
    [6] sob.
   *[7] niedz.
}

form-error = Błąd:
form-optional = (nieobowiązkowe)
form-understood = Rozumiemy:

error-home = Strona główna
error-status = Kod odpowiedzi: { $status }
error-retry = { $seconds ->
    [one] Spróbuj ponownie za { $seconds } sekundę.
    [few] Spróbuj ponownie za { $seconds } sekundy.
    [many] Spróbuj ponownie za { $seconds } sekund.
   *[other] Spróbuj ponownie za { $seconds } sekundy.
}
error-not-found-title = Nie ma tu takiej strony
error-not-found-text = Adres może być niepełny albo strona się zmieniła. Zacznij od strony głównej albo zgłoś połączenie.
error-not-found-text-desk = Adres może być niepełny albo strona się zmieniła. Zacznij od kolejki.
error-forbidden-title = Tej czynności nie możemy wykonać
error-forbidden-text = Formularz przyszedł z innej strony albo to konto nie ma do tego prawa. Otwórz stronę jeszcze raz i spróbuj ponownie.
error-method-not-allowed-title = Tego adresu nie można tak użyć
error-method-not-allowed-text = Otwórz stronę jeszcze raz i użyj przycisków, które na niej są.
error-timeout-title = Dane nie dotarły na czas
error-timeout-text = Połączenie z internetem jest zbyt wolne albo zostało przerwane. Wróć do formularza i wyślij go jeszcze raz.
error-too-large-title = To za dużo naraz
error-too-large-text = Formularz nie przyjmie tak długiego tekstu. Wróć, skróć go i wyślij jeszcze raz.
error-rate-limited-title = Za dużo prób w krótkim czasie
error-rate-limited-text = Z tego adresu przyszło bardzo wiele zapytań. Odczekaj chwilę.
error-unavailable-title = Zgłoszenia są chwilowo niedostępne
error-unavailable-text = Pracujemy nad tym. Poradniki działają cały czas.
error-bad-request-title = Nie umiemy tego odczytać
error-bad-request-text = Otwórz stronę jeszcze raz i spróbuj ponownie.
error-internal-title = To nasz błąd
error-internal-text = Zapisaliśmy, co się stało. Spróbuj ponownie za chwilę albo zadzwoń do nas.

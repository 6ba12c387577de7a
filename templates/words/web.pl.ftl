# What every page has around its content, and the pages for what goes wrong.

skip = Przejdź do treści
back = Wstecz
nav-label = Serwis
nav-ticket = Sprawdź zgłoszenie
nav-other-language = English
foot-title = Wolisz porozmawiać z człowiekiem?
foot-phone = Telefon
foot-email = E-mail
foot-reply = { $hours ->
    [one] odpowiadamy w ciągu { $hours } godziny pracy
   *[other] odpowiadamy w ciągu { $hours } godzin pracy
}
foot-chat = Czat
foot-chat-open = Otwórz rozmowę
foot-panel = Panel Klienta
foot-staff = Dla pracowników
operator-day = { $day ->
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
error-code = Kod odpowiedzi: { $status }
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
error-method-title = Tego adresu nie można tak użyć
error-method-text = Otwórz stronę jeszcze raz i użyj przycisków, które na niej są.
error-slow-title = Dane nie dotarły na czas
error-slow-text = Połączenie z internetem jest zbyt wolne albo zostało przerwane. Wróć do formularza i wyślij go jeszcze raz.
error-large-title = To za dużo naraz
error-large-text = Formularz nie przyjmie tak długiego tekstu. Wróć, skróć go i wyślij jeszcze raz.
error-many-title = Za dużo prób w krótkim czasie
error-many-text = Z tego adresu przyszło bardzo wiele zapytań. Odczekaj chwilę.
error-away-title = Zgłoszenia są chwilowo niedostępne
error-away-text = Pracujemy nad tym. Poradniki działają cały czas.
error-request-title = Nie umiemy tego odczytać
error-request-text = Otwórz stronę jeszcze raz i spróbuj ponownie.
error-internal-title = To nasz błąd
error-internal-text = Zapisaliśmy, co się stało. Spróbuj ponownie za chwilę albo zadzwoń do nas.

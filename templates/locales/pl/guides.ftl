# The home page, the guides around their own content, and the checks.

home-title = Co się dzieje z Twoim telefonem?
home-lead = Wybierz to, co pasuje najlepiej. Zadamy kilka krótkich pytań i powiemy, co zrobić. Bez logowania.
home-report = Wolisz od razu zgłosić połączenie?
home-report-text = Wystarczy: kto dzwonił, do kogo, kiedy i co było słychać.
home-report-button = Zgłoś połączenie
home-ticket = Masz już zgłoszenie?
home-checks = Sprawdź od ręki
home-check-address = Mój adres IP
home-check-address-text = Czy nie jest zablokowany
home-message = Widzisz komunikat lub kod błędu? Wpisz go
home-common-codes = Częste:
home-check-number = Zapis numeru
home-check-number-text = Jak wybrać numer krajowy i zagraniczny
home-check-line-test-text = W 10 sekund powiemy, czy rozmowy będą się rwać
home-check-sound-text = Czy działa mikrofon i słychać z obu stron
home-check-lamps-text = Co znaczy lampka przy koncie
home-full-guide = cały poradnik
home-full-guides = Całe poradniki, każdy na jednej stronie do czytania lub druku:

guide-number = Pytanie { $number }.
guide-questions-left = { $left ->
    [0] To ostatnie pytanie.
    [one] Zostało najwyżej { $left }.
    [few] Zostały najwyżej { $left }.
   *[other] Zostało najwyżej { $left }.
}
guide-panel = otwórz po kolei
guide-answer = Twoja odpowiedź
guide-answers = Twoje odpowiedzi
guide-path = Twoja droga
guide-change = Zmień
guide-change-of = odpowiedź: { $question }
guide-report-now = Zgłoś problem już teraz
guide-full = Cały poradnik na jednej stronie
guide-restart = Zacznij od nowa
guide-step-by-step = Przejdź krok po kroku
guide-check-address = Sprawdź mój adres IP
guide-check-lamps = Co znaczy kolor lampki?
guide-check-message = Co znaczy ten komunikat?
guide-check-number = Sprawdź numer
guide-manuals = Otwórz instrukcje
guide-opens-new-tab = Otworzy się w nowej karcie.
guide-go-to = przejdź do punktu { $number }
guide-go-to-guide = przejdź do poradnika: { $guide }
guide-end-resolved = koniec, działa
guide-end-report = wyślij zgłoszenie

resolved-tag = Działa
resolved-title = Dobrze, że już działa
resolved-lead = Nie musisz nic więcej robić. Jeśli problem wróci, zgłoś go: dołączymy odpowiedzi z tego poradnika.
resolved-report = Jednak nie działa, zgłoś

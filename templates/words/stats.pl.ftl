# Figures, for staff.

desk-stats = Statystyki
stats-span = Okres
stats-today = Dziś
stats-last-days = Ostatnie { $count } dni
stats-as-of = stan na { $moment }
stats-nothing = Nie ma jeszcze czego pokazać.
stats-table = Tabela
stats-download = Pobierz CSV: { $figure }
stats-more = { $count ->
    [one] Jeszcze { $count } wiersz w pliku CSV.
    [few] Jeszcze { $count } wiersze w pliku CSV.
   *[other] Jeszcze { $count } wierszy w pliku CSV.
}
stats-percent = { $value }%

## The four at the top

stats-reports = Zgłoszenia
stats-usual-by-now = zwykle o tej porze { $count }
stats-usual-then = zwykle w tym czasie { $count }
stats-ended-without = Poradniki bez zgłoszenia
stats-of-walks = { $part } z { $whole } przejść
stats-answer-median = Pierwsza odpowiedź, mediana
stats-most = 90% do { $duration }
stats-open-now = Otwarte teraz
stats-nobodys = w tym { $count } bez opiekuna

## When

stats-hours = Zgłoszenia w godzinach
stats-days = Zgłoszenia w dniach
stats-hour = Godzina
stats-day = Dzień
stats-usual = Zwykle
stats-day-short = { $weekday ->
    [1] pon.
    [2] wt.
    [3] śr.
    [4] czw.
    [5] pt.
    [6] sob.
   *[7] niedz.
} { $date }
stats-stroke-weekday = kreska: { $weekday ->
    [1] zwykły poniedziałek
    [2] zwykły wtorek
    [3] zwykła środa
    [4] zwykły czwartek
    [5] zwykły piątek
    [6] zwykła sobota
   *[7] zwykła niedziela
}
stats-stroke-days = kreska: zwykle w te dni tygodnia
stats-told = Razem { $count }. Najwięcej: { $when }, { $most }.
stats-told-none = Bez zgłoszeń.
stats-far-over = Wyraźnie więcej niż zwykle: { $when }.

## How long

stats-answers = Czas do pierwszej odpowiedzi
stats-resolutions = Czas do rozwiązania
stats-duration = Czas
stats-under = < { $value }
stats-over = > { $value }
stats-between = { $from }–{ $to }
stats-and-rest = { $large } { $rest }
stats-percentiles = połowa do { $median }, 90% do { $most }
stats-still-unanswered = { $count ->
    [one] { $count } zgłoszenie czeka jeszcze na pierwszą odpowiedź.
    [few] { $count } zgłoszenia czekają jeszcze na pierwszą odpowiedź.
   *[other] { $count } zgłoszeń czeka jeszcze na pierwszą odpowiedź.
}
stats-still-unresolved = { $count ->
    [one] { $count } zgłoszenie nie jest jeszcze rozwiązane.
    [few] { $count } zgłoszenia nie są jeszcze rozwiązane.
   *[other] { $count } zgłoszeń nie jest jeszcze rozwiązanych.
}

## Of what

stats-categories = Według kategorii
stats-symptoms = Według objawu
stats-codes = Według kodu SIP
stats-prefixes = Według początku numeru B
stats-category = Kategoria
stats-symptom = Objaw
stats-code = Kod
stats-meaning = Znaczenie
stats-no-code = bez{"\u00A0"}kodu
stats-region = Dokąd
stats-prefix = Początek
stats-no-prefix = Konta SIP i numery krótkie
stats-share = Udział

## Walks through the guides

stats-guides = Poradniki: przejścia bez zgłoszenia
stats-steps = Krok, na którym skończyło się przejście
stats-guide = Poradnik
stats-step = Krok
stats-walks = Przejścia
stats-opened = Wejścia
stats-solved = Działa
stats-without = Bez zgłoszenia
stats-how-counted = Liczymy otwarcia kroków, nie osoby. Przejście kończy się tam, skąd nikt nie poszedł dalej ani nie wysłał zgłoszenia; kto otworzył formularz i go nie wysłał, też liczy się jako „bez zgłoszenia”. „Działa” to ci, którzy doszli do końca i zaznaczyli, że pomogło.

## What waits

stats-waiting = Czekają najdłużej
stats-ticket = Numer
stats-waits = Czeka
stats-since = Od
stats-who = Kto
stats-nobody = nikt

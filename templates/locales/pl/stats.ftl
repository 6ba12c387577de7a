# Statistics, for staff.

desk-stats = Statystyki
stats-period = Okres
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

## Key figures

stats-reports = Zgłoszenia
stats-baseline-by-now = zwykle o tej porze { $count }
stats-baseline-period = zwykle w tym czasie { $count }
stats-guides-without-report = Poradniki bez zgłoszenia
stats-of-guide-runs = { $part } z { $whole } przejść
stats-answer-median = Pierwsza odpowiedź, mediana
stats-90th-percentile = 90% do { $duration }
stats-open-now = Otwarte teraz
stats-of-which-unassigned = w tym { $count } bez opiekuna

## Volume over time

stats-hours = Zgłoszenia w godzinach
stats-days = Zgłoszenia w dniach
stats-hour = Godzina
stats-day = Dzień
stats-baseline = Zwykle
stats-day-short = { $weekday ->
    [1] pon.
    [2] wt.
    [3] śr.
    [4] czw.
    [5] pt.
    [6] sob.
   *[7] niedz.
} { $date }
stats-baseline-note-weekday = kreska: { $weekday ->
    [1] zwykły poniedziałek
    [2] zwykły wtorek
    [3] zwykła środa
    [4] zwykły czwartek
    [5] zwykły piątek
    [6] zwykła sobota
   *[7] zwykła niedziela
}
stats-baseline-note-days = kreska: zwykle w te dni tygodnia
stats-volume-summary = Razem { $count }. Najwięcej: { $when }, { $most }.
stats-volume-summary-none = Bez zgłoszeń.
stats-above-baseline = Wyraźnie więcej niż zwykle: { $when }.

## Durations

stats-answers = Czas do pierwszej odpowiedzi
stats-resolutions = Czas do rozwiązania
stats-duration = Czas
stats-less-than = < { $value }
stats-more-than = > { $value }
stats-between = { $from }–{ $to }
stats-two-units = { $large } { $rest }
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

## Breakdowns

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

## Guide runs

stats-guides = Poradniki: przejścia bez zgłoszenia
stats-steps = Krok, na którym skończyło się przejście
stats-guide = Poradnik
stats-step = Krok
stats-guide-runs = Przejścia
stats-opened = Wejścia
stats-solved = Działa
stats-without-report = Bez zgłoszenia
stats-method = Liczymy otwarcia kroków, nie osoby. Przejście kończy się tam, skąd nikt nie poszedł dalej ani nie wysłał zgłoszenia; kto otworzył formularz i go nie wysłał, też liczy się jako „bez zgłoszenia”. „Działa” to ci, którzy doszli do końca i zaznaczyli, że pomogło.

## Longest waiting

stats-waiting = Klienci, którzy czekają najdłużej
stats-ticket = Numer
stats-waiting-time = Klient czeka
stats-since = Od
stats-assignee = Kto
stats-unassigned = nikt

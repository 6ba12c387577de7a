# The time of the call: error messages, and dates.

## The day and the date

call-time-day-unknown = Nie znamy dnia „{ $text }”. Wybierz: przed chwilą, dziś, wczoraj albo inna data
# $example: a date as it can be typed
call-time-date-empty = Wpisz datę połączenia, na przykład { $example }
call-time-date-unreadable = Nie umiemy odczytać daty „{ $text }”. Wpisz dzień, miesiąc i rok, na przykład { $example }
call-time-no-such-date = Nie ma takiej daty jak { $date }. Wpisz dzień, miesiąc i rok, na przykład { $example }
call-time-date-future = Ten dzień jeszcze nie nadszedł. Wpisz dzień, w którym było połączenie, na przykład { $example }
# $days (number): how long records of calls are kept
call-time-date-too-old = { $days ->
    [one] Zapisy połączeń trzymamy { $days } dzień, a ten dzień był wcześniej. Opisz nowszą próbę, na przykład z dzisiaj
    [few] Zapisy połączeń trzymamy { $days } dni, a ten dzień był wcześniej. Opisz nowszą próbę, na przykład z dzisiaj
    [many] Zapisy połączeń trzymamy { $days } dni, a ten dzień był wcześniej. Opisz nowszą próbę, na przykład z dzisiaj
   *[other] Zapisy połączeń trzymamy { $days } dnia, a ten dzień był wcześniej. Opisz nowszą próbę, na przykład z dzisiaj
}

## The time

call-time-time-empty = Wpisz godzinę, na przykład 14:05, 1405 albo „około 14”
call-time-time-unreadable = Nie umiemy odczytać godziny „{ $text }”. Wpisz na przykład 14:05, 1405 albo „około 14”
call-time-no-such-time = Nie ma takiej godziny jak { $time }. Wpisz na przykład 14:05
# $time, $now: times on the clock in Poland
call-time-time-future = Godzina { $time } jeszcze nie nadeszła, teraz jest { $now }. Popraw godzinę albo wybierz wcześniejszy dzień
# $time: a time that did not exist that night; $instead: the same, an hour later
call-time-time-skipped = Tej nocy godziny { $time } nie było, bo zegary przestawiano z 2:00 na 3:00. Jeśli zegar był jeszcze stary, wpisz { $instead }
call-time-precision-unknown = Nie znamy dokładności „{ $text }”. Wybierz: dokładna, do 5 minut albo do pół godziny

## The hour that comes twice in October. $time: the time on the clock

call-time-fold-question = Tej nocy zegary cofano i godzina { $time } była dwa razy. Zaznacz, która to była
call-time-fold-earlier = pierwsza { $time }, przed zmianą czasu
call-time-fold-later = druga { $time }, po zmianie czasu

## Dates

# $weekday (1 = Monday … 7), $day, $month (1 … 12), $year: numbers
call-time-long-date = { call-time-weekday }, { $day } { call-time-month } { $year }
call-time-weekday = { $weekday ->
    [1] poniedziałek
    [2] wtorek
    [3] środa
    [4] czwartek
    [5] piątek
    [6] sobota
   *[7] niedziela
}
# genitive, after the day
call-time-month = { $month ->
    [1] stycznia
    [2] lutego
    [3] marca
    [4] kwietnia
    [5] maja
    [6] czerwca
    [7] lipca
    [8] sierpnia
    [9] września
    [10] października
    [11] listopada
   *[12] grudnia
}

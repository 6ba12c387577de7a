# Times and durations, in short forms.

time-today = { $time }
time-yesterday = wczoraj { $time }
time-day-today = dziś
time-day-yesterday = wczoraj
time-with-date = { $date }, { $time }
time-long = { $date }, { $time }
time-before-change = { $moment }, przed zmianą czasu
time-after-change = { $moment }, po zmianie czasu
time-minutes = { $count } min
time-hours = { $count } h
time-days = { $count ->
    [one] { $count } dzień
   *[other] { $count } dni
}
time-range = { $weekday ->
    [1] pon.
    [2] wt.
    [3] śr.
    [4] czw.
    [5] pt.
    [6] sob.
   *[7] niedz.
} { $date }, { $from }–{ $to }
time-deadline-today = dziś do { $time }
time-deadline-tomorrow = jutro do { $time }
time-deadline-day = { $weekday ->
    [1] w poniedziałek
    [2] we wtorek
    [3] w środę
    [4] w czwartek
    [5] w piątek
    [6] w sobotę
   *[7] w niedzielę
} { $date } do { $time }

# Times and durations, in short forms.

time-today = { $time }
time-yesterday = yesterday { $time }
time-day-today = today
time-day-yesterday = yesterday
time-with-date = { $date }, { $time }
time-long = { $date }, { $time }
time-before-change = { $moment }, before the clocks changed
time-after-change = { $moment }, after the clocks changed
time-minutes = { $count } min
time-hours = { $count } h
time-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
time-range = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
} { $date }, { $from }–{ $to }
time-deadline-today = by { $time } today
time-deadline-tomorrow = by { $time } tomorrow
time-deadline-day = by { $time } on { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}, { $date }

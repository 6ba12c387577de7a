# The time of the call: error messages, and dates.

## The day and the date

call-time-day-unknown = We know no day “{ $text }”. Choose: a moment ago, today, yesterday or another date
# $example: a date as it can be typed
call-time-date-empty = Write the date of the call, for example { $example }
call-time-date-unreadable = We can't read the date “{ $text }”. Write day, month and year, for example { $example }
call-time-no-such-date = There is no such date as { $date }. Write day, month and year, for example { $example }
call-time-date-future = This day has not come yet. Write the day of the call, for example { $example }
# $days (number): how long records of calls are kept
call-time-date-too-old = { $days ->
    [one] We keep records of calls for { $days } day, and this day was earlier. Describe a newer attempt, for example today's
   *[other] We keep records of calls for { $days } days, and this day was earlier. Describe a newer attempt, for example today's
}

## The time

call-time-time-empty = Write the time, for example 14:05, 1405 or “about 14”
call-time-time-unreadable = We can't read the time “{ $text }”. Write, for example, 14:05, 1405 or “about 14”
call-time-no-such-time = There is no such time as { $time }. Write, for example, 14:05
# $time, $now: times on the clock in Poland
call-time-time-future = { $time } has not come yet, in Poland it is { $now }. Correct the time or choose an earlier day
# $time: a time that did not exist that night; $instead: the same, an hour later
call-time-time-skipped = There was no { $time } that night, because clocks went from 2:00 to 3:00. If the clock was still the old one, write { $instead }
call-time-precision-unknown = We know no precision “{ $text }”. Choose: exact, within 5 minutes or within half an hour

## The hour that comes twice in October. $time: the time on the clock

call-time-fold-question = Clocks went back that night and { $time } came twice. Choose which one it was
call-time-fold-earlier = the first { $time }, before the clocks changed
call-time-fold-later = the second { $time }, after the clocks changed

## Dates

# $weekday (1 = Monday … 7), $day, $month (1 … 12), $year: numbers
call-time-long-date = { call-time-weekday }, { $day } { call-time-month } { $year }
call-time-weekday = { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
call-time-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
}

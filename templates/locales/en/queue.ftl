# The queue and its search field.

queue-previous = Previous page
queue-select = Select { $reference }
queue-select-all = Select all on this page
queue-selected = Selected tickets
queue-page-empty = Nothing is left on this page
queue-found = { $count ->
    [one] { $count } ticket
   *[other] { $count } tickets
}
queue-found-more = More fit than we show ({ $count }). Add a day, a code or more digits.
queue-search-examples = You can also type:
queue-search-example-1 = code:503
queue-search-example-2 = to:0044
queue-search-example-3 = yesterday 14:00-14:30
queue-search-example-4 = mine
queue-search-example-5 = "service unavailable"
col-select = Selection

## Search terms as they were understood

search-ticket = ticket: { $reference }
search-number = number: { $number }
search-part = digits of a number: { $number }
search-caller = from: { $number }
search-caller-part = from, digits: { $number }
search-callee = to: { $number }
search-callee-part = to, digits: { $number }
search-account = SIP account: { $account }
search-withheld = from: withheld number
search-email = e-mail: { $email }
search-ip = IP address: { $ip }
search-code = code: { $code }
search-day = day: { $day }
search-days = days: { $from } – { $to }
search-date = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
} { $date }
search-hours = hours: { $from }–{ $to }
search-hours-today = today: { $from }–{ $to }
search-mine = mine
search-unassigned = free
search-status = status: { $status }
search-active = not finished
search-category = category: { $category }
search-exact = exactly: “{ $text }”
search-words = words: { $text }
search-unrecognized = unreadable: { $text }

# the CSV export
csv-download = Download CSV
csv-reported = Reported
csv-waiting = Customer waits since
csv-a = A
csv-a-typed = A, as typed
csv-b = B
csv-b-typed = B, as typed
csv-account = SIP account
csv-call-local = Call, time in Poland
csv-call-utc = Call, UTC
csv-precision = Precision, ± minutes
csv-code = SIP code
csv-error = Message or symptom
csv-billing = In the call history
csv-guide = Walked through a guide
csv-checks = Results of checks
csv-yes = yes
csv-no = no
queue-incident = part of an incident

# Statistics, for staff.

desk-stats = Figures
stats-period = Period
stats-today = Today
stats-last-days = Last { $count } days
stats-as-of = as of { $moment }
stats-nothing = There is nothing to show yet.
stats-table = Table
stats-download = Download CSV: { $figure }
stats-more = { $count ->
    [one] { $count } more row in the CSV file.
   *[other] { $count } more rows in the CSV file.
}
stats-percent = { $value }%

## Key figures

stats-reports = Reports
stats-baseline-by-now = usually { $count } by now
stats-baseline-period = usually { $count } in this time
stats-guides-without-report = Guides without a report
stats-of-guide-runs = { $part } of { $whole } walks
stats-answer-median = First answer, median
stats-90th-percentile = 90% within { $duration }
stats-open-now = Open now
stats-of-which-unassigned = { $count } of them nobody's

## Volume over time

stats-hours = Reports by the hour
stats-days = Reports by the day
stats-hour = Hour
stats-day = Day
stats-baseline = Usually
stats-day-short = { $weekday ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
} { $date }
stats-baseline-note-weekday = stroke: a usual { $weekday ->
    [1] Monday
    [2] Tuesday
    [3] Wednesday
    [4] Thursday
    [5] Friday
    [6] Saturday
   *[7] Sunday
}
stats-baseline-note-days = stroke: usual on these weekdays
stats-volume-summary = { $count } in all. Most: { $when }, { $most }.
stats-volume-summary-none = No reports.
stats-above-baseline = Far more than usual: { $when }.

## Durations

stats-answers = Time to the first answer
stats-resolutions = Time to resolution
stats-duration = Time
stats-less-than = < { $value }
stats-more-than = > { $value }
stats-between = { $from }–{ $to }
stats-two-units = { $large } { $rest }
stats-percentiles = half within { $median }, 90% within { $most }
stats-still-unanswered = { $count ->
    [one] { $count } report still waits for its first answer.
   *[other] { $count } reports still wait for their first answer.
}
stats-still-unresolved = { $count ->
    [one] { $count } report is not resolved yet.
   *[other] { $count } reports are not resolved yet.
}

## Breakdowns

stats-categories = By category
stats-symptoms = By symptom
stats-codes = By SIP code
stats-prefixes = By the beginning of the B number
stats-category = Category
stats-symptom = Symptom
stats-code = Code
stats-meaning = Meaning
stats-no-code = no{"\u00A0"}code
stats-region = Where to
stats-prefix = Beginning
stats-no-prefix = SIP accounts and short numbers
stats-share = Share

## Guide runs

stats-guides = Guides: walks without a report
stats-steps = The step where the walk ended
stats-guide = Guide
stats-step = Step
stats-guide-runs = Walks
stats-opened = Opened
stats-solved = It works
stats-without-report = No report
stats-method = We count how often steps are opened, not people. A walk ends where nobody went on and no report was sent; whoever opened the form and did not send it counts as “no report” too. “It works” are those who came to the end and said that it helped.

## Longest waiting

stats-waiting = Customers waiting longest
stats-ticket = Reference
stats-waiting-time = Customer waits
stats-since = Since
stats-assignee = Who
stats-unassigned = nobody

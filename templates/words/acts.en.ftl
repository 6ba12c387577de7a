# What staff do to tickets.

reason = Reason
reason-hint = It stays in the history. The customer can't see it.

## Somebody else has it

held-title = Somebody else handles this ticket
held-button = Take over
held-leave = Leave it
held-reason-missing = Write why you take it over

## Somebody was first

stale-wish-reply = Send the answer
stale-wish-merge = Merge it into { $main }
stale-wish-separate = Separate it

## Waiting

wait-title = Wait for an explanation
wait-whom = For whom do we wait?
wait-until = Until when?
wait-reason = For what?
wait-button = Wait
until-none = no date
until-tomorrow = until tomorrow
until-friday = until Friday
until-week = in a week
until-date = until the day:
until-day = { $date }
until-day-field = Day
until-time-field = Time
until-hint = Without a time: from the beginning of that day's work. The ticket comes back by itself.
until-missing = Choose a day
until-passed = That moment has passed. Choose a later one
until-far = That is too far away. Choose a day within a year

## Merging

merge-title = Merge with another ticket
merge-text = This ticket becomes a duplicate. Its customer will see the main ticket's answers and status, and resolving the main one will resolve it too. If the main one is resolved already, this one is at once.
merge-into = The main ticket's reference
merge-into-hint = For example DZ-7K3M9-Q2XWG.
merge-button = Merge
merge-along = Its own duplicates come along:
merge-separate = Separate
merge-missing = Give the reference of the ticket to merge it with
merge-itself = { $reference } is this very ticket or a duplicate of it. Give another reference
merge-into-spam = { $reference } is spam. Open it again first, or choose another
merge-stale = Ticket { $reference } has changed just now. Try again
duplicate-title = This ticket is a duplicate
duplicate-of = A duplicate of { $main }.
duplicate-text = It ends with the main ticket. Do it there, or separate the two first.
duplicate-look = See { $main }

## Take next

next-button = Take next
next-none = Nobody new is waiting.

## Many at once

bulk-assign = Assign…
bulk-status = Change status…
bulk-status-button = Change status
bulk-note = Note…
bulk-merge = Merge…
bulk-reason-hint = (needed when somebody else handles them)
bulk-if-waiting = If they wait
bulk-if-resolved = If resolved: an answer to each customer (optional)
bulk-into-hint = (without one: the oldest of those selected)
bulk-nothing = Nothing is selected
bulk-too-many = Selected: { $count }. You can change at most { $most } tickets at once
bulk-back = Back to the queue
bulk-again = { $count ->
    [one] Change { $count } ticket
   *[other] Change { $count } tickets
}
bulk-done = { $count ->
    [0] Nothing has changed.
    [one] { $count } ticket changed.
   *[other] { $count } tickets changed.
}
bulk-merged = { $count ->
    [0] Nothing has changed.
    [one] { $count } ticket merged into { $main }.
   *[other] { $count } tickets merged into { $main }.
}
bulk-already = { $count ->
    [one] { $count } was like that already.
   *[other] { $count } were like that already.
}
bulk-stale = { $count ->
    [one] { $count } had been changed meanwhile and was left as it is.
   *[other] { $count } had been changed meanwhile and were left as they are.
}
bulk-held = { $count ->
    [one] { $count } is somebody else's: give a reason to take it over.
   *[other] { $count } are somebody else's: give a reason to take them over.
}
bulk-duplicate = { $count ->
    [one] { $count } is a duplicate and ends with its main ticket.
   *[other] { $count } are duplicates and end with their main tickets.
}
bulk-gone = { $count ->
    [one] { $count } is gone.
   *[other] { $count } are gone.
}
bulk-undo = Undo
bulk-undone = { $count ->
    [0] Nothing was taken back.
    [one] { $count } ticket taken back.
   *[other] { $count } tickets taken back.
}
bulk-undone-left = { $count ->
    [one] { $count } had been changed meanwhile and was left as it is.
   *[other] { $count } had been changed meanwhile and were left as they are.
}
bulk-late = It is too late to undo that. It can be done for 15 seconds

# Actions of staff on tickets.

reason = Reason
reason-hint = It stays in the history. The customer can't see it.

## Assigned to another staff member

assigned-to-other-title = Somebody else handles this ticket
assigned-to-other-take-over = Take over
assigned-to-other-cancel = Leave it
assigned-to-other-reason-missing = Write why you take it over

## Edit conflict

intended-action-reply = Send the answer
intended-action-merge = Merge it into { $main }
intended-action-separate = Separate it

## On hold

waiting-title = Put on hold
waiting-for-whom = For whom do we wait?
waiting-until = Until when?
waiting-reason = For what?
waiting-button = Put on hold
follow-up-none = no date
follow-up-tomorrow = until tomorrow
follow-up-friday = until Friday
follow-up-week = in a week
follow-up-date = until the day:
follow-up-day = { $date }
follow-up-day-field = Day
follow-up-time-field = Time
follow-up-hint = Without a time: from the beginning of that day's work. The ticket comes back by itself.
follow-up-missing = Choose a day
follow-up-in-past = That moment has passed. Choose a later one
follow-up-too-far = That is too far away. Choose a day within a year

## Merging

merge-title = Merge with another ticket
merge-text = This ticket becomes a duplicate. Its customer will see the main ticket's answers and status, and resolving the main one will resolve it too. If the main one is resolved already, this one is at once.
merge-into = The main ticket's reference
merge-into-hint = For example DZ-7K3M9-Q2XWG.
merge-button = Merge
merge-moves-duplicates = Its own duplicates come along:
merge-separate = Separate
merge-missing = Give the reference of the ticket to merge it with
merge-same-ticket = { $reference } is this very ticket or a duplicate of it. Give another reference
merge-into-spam = { $reference } is spam. Open it again first, or choose another
merge-conflict = Ticket { $reference } has changed just now. Try again
duplicate-title = This ticket is a duplicate
duplicate-of = A duplicate of { $main }.
duplicate-text = It ends with the main ticket. Do it there, or separate the two first.
duplicate-open-main = See { $main }

## Take next

next-button = Take next
next-none = Nobody new is waiting.

## Bulk actions

bulk-assign = Assign…
bulk-status = Change status…
bulk-status-button = Change status
bulk-note = Note…
bulk-merge = Merge…
bulk-reason-hint = (needed when somebody else handles them)
bulk-if-waiting = If on hold
bulk-if-resolved = If resolved: an answer to each customer (optional)
bulk-into-hint = (without one: the oldest of those selected)
bulk-nothing = Nothing is selected
bulk-too-many = Selected: { $count }. You can change at most { $most } tickets at once
bulk-back = Back to the queue
bulk-form-title = { $count ->
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
bulk-unchanged = { $count ->
    [one] { $count } was like that already.
   *[other] { $count } were like that already.
}
bulk-conflict = { $count ->
    [one] { $count } had been changed meanwhile and was left as it is.
   *[other] { $count } had been changed meanwhile and were left as they are.
}
bulk-assigned-to-other = { $count ->
    [one] { $count } is somebody else's: give a reason to take it over.
   *[other] { $count } are somebody else's: give a reason to take them over.
}
bulk-duplicate = { $count ->
    [one] { $count } is a duplicate and ends with its main ticket.
   *[other] { $count } are duplicates and end with their main tickets.
}
bulk-not-found = { $count ->
    [one] { $count } is gone.
   *[other] { $count } are gone.
}
bulk-undo = Undo
bulk-undone = { $count ->
    [0] Nothing was taken back.
    [one] { $count } ticket taken back.
   *[other] { $count } tickets taken back.
}
bulk-undone-skipped = { $count ->
    [one] { $count } had been changed meanwhile and was left as it is.
   *[other] { $count } had been changed meanwhile and were left as they are.
}
bulk-undo-expired = It is too late to undo that. It can be done for 15 seconds

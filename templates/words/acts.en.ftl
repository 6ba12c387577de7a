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
until-week = a week
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
merge-text = This ticket becomes a duplicate. Its customer will see the main ticket's answers and status, and resolving the main one will resolve it too.
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
duplicate-text = It ends with the main ticket. Do it there, or separate this one first.
duplicate-look = See { $main }

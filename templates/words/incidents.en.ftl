# Known trouble: public pages and pages for staff.

incidents-title = Known trouble
incidents-past = Over
incidents-none-now = We know of no trouble at the moment.
incidents-none-past = There is nothing here yet.
incidents-feed = Atom feed
incidents-feed-hint = Do you use a news reader? Add this feed and you will hear of new trouble.
incident-now = Trouble now:
incidents-now = { $count ->
    [one] Trouble now:
   *[other] Trouble now:
}
incident-lasts = Going on
incident-over = Over
incident-next = We are mending it. Each piece of news appears on this page.
incident-over-text = Does something still fail for you? It may have another cause:
incident-join = Me too
incident-more = What we know so far
incident-span = Since { $from }.
incident-span-until = Since { $from }, expected to be over: { $until }.
incident-span-over = From { $from } to { $to }.
incident-course = How it goes
incident-concerns = What it concerns
incident-concerns-all = All calls
incident-numbers = Numbers that begin with:
incident-mine = The same with you?
incident-mine-hint = Press the button and we count you with the others. No sign-in, no form.
incident-counted = Thank you, you are counted
incident-counted-text = An example of your call helps us, too. If you give us one, we will write to you when something changes and when all works again.
incident-example = Give an example of your call

follow-title = Shall we write to you about changes?
follow-hint = We will send an e-mail with a link to confirm. We forget the address four weeks after the end of the trouble.
follow-button = Write to me
follow-asked = Check your mail
follow-noted = We have noted the address
follow-asked-text = We have sent an e-mail with a link. We begin to write once you confirm the address. If it is not there after some minutes, look into your spam folder or give the address once more.
follow-asked-later = No mail goes out at the moment. We will send the e-mail with the link to confirm as soon as we can.
follow-ask = Shall we write to you about this trouble?
follow-ask-text = We will write to { $email } when something changes and when all works again.
follow-confirm = Yes, write to me
follow-forget = Forget my address
follow-on = We write to you about this trouble
follow-on-text = We write to { $email } when something changes, and will when all works again.
follow-end = Stop writing to me
follow-over = This trouble is over
follow-over-text = There will be no more e-mails. We forget your address four weeks after the end of the trouble, or now, if you like.
follow-gone = We don't write to you about this trouble
follow-gone-text = We no longer have your address. The page of known trouble tells of whatever goes on.

report-incident = Is it trouble that we know of already?
report-incident-hint = If so, we will write to you when something changes and when all works again.
report-incident-none = No, it is something else

desk-incidents = Incidents
incident = Incident
incidents-open = Going on
incidents-none-open = No incident
incidents-none-open-text = When several people report the same, a proposal comes up here by itself.
incidents-more = Next
incidents-none-further = There is no more
incident-new = New incident
incident-edit = Change the text
incident-state-proposed = proposal
incident-state-dismissed = dismissed
incident-state-draft = draft
incident-state-published = published
incident-state-resolving = ending
incident-state-resolved = over
incident-tickets-count = { $count ->
    [0] No ticket
    [one] { $count } ticket
   *[other] { $count } tickets
}
incident-candidates-count = { $count ->
    [one] { $count } may belong here
   *[other] { $count } may belong here
}
incident-by-customer = { $count ->
    [one] { $count } joined by its customer
   *[other] { $count } joined by their customers
}
incident-in-pl = In Polish
incident-in-en = In English
incident-title = Title
incident-text = Text for customers
incident-text-hint = What does not work, for whom, what we do, and when the next news comes. Both languages are needed.
incident-categories = Problem
incident-categories-hint = (none ticked: any)
incident-codes = Codes
incident-prefixes = Numbers B begin with
incident-prefixes-hint = For example 0044 20, 22 55. Put commas between several.
incident-addresses = Customers' addresses
incident-addresses-hint = For example 203.0.113.0/24. Put commas between several.
incident-began = Since when
incident-until = Expected to be over
incident-missing-text-en = Write a text in English
incident-missing-text-pl = Write a text in Polish
incident-missing-title-en = Write a title in English
incident-missing-title-pl = Write a title in Polish
incident-moment-wrong = There is no such date and time. Write, for example, 2026-11-22 14:05
incident-until-before = The end has to come after the beginning
incident-prefix-wrong = This is not how a number begins: “{ $text }”. Write, for example, 0044 20
incident-address-wrong = This is neither an address nor a network: “{ $text }”. Write, for example, 203.0.113.0/24
incident-list-too-long = Too many at once: { $count }. There is room for { $most } at most
incident-preview = This is what customers will see
incident-preview-button = Preview
incident-late = Somebody ({ $name }) has changed this incident before you. This is what it is now
incident-not-whole = A title or a text is missing in one language. Complete the text
incident-others = { $count ->
    [one] { $count } ticket belongs to another incident and stays there.
   *[other] { $count } tickets belong to another incident and stay there.
}
incident-proposal = Is this one incident?
incident-proposal-text = These tickets look alike and came almost at once. Customers don't see this proposal.
incident-confirm = Yes, one incident
incident-dismiss = No, dismiss
incident-dismissed-text = These tickets won't come back as a proposal.
incident-undo = Undo
incident-unconfirm = Undo the confirmation
incident-proposed-again = There is a newer proposal of the same kind
incident-publish = Publish
incident-draft-text = Customers don't see this yet.
incident-public = Page for customers
incident-progress = Tickets resolved:
incident-look-again = Look again
incident-joined = Tickets
incident-visitors = Pressed “Me too”
incident-followers = Follow by e-mail
incident-letters = Letters to customers
incident-write = Write to all who joined
incident-write-text = The news appears on the pages for customers and goes out by e-mail, one to each address.
incident-write-button = Send the news
incident-resolve-button = { $count ->
    [0] Send and end the incident
    [one] Send, end it and resolve { $count } ticket
   *[other] Send, end it and resolve { $count } tickets
}
incident-resolve-hint = The end can't be undone.
incident-updates = News
incident-candidates = These may belong here
incident-join-chosen = Add the chosen ones
incident-decline-chosen = The chosen ones don't belong
incident-tickets = Tickets of this incident
incident-leave-chosen = Take the chosen ones out
incident-belongs = Belongs to:
incident-belongs-yes = Yes, add it
incident-belongs-no = No
incident-leave = Take it out of the incident
incident-other = This ticket belongs to another incident: “{ $title }”
incident-closed = This ticket is over, it can't be part of an incident
incident-duplicate = This is a duplicate. Its main ticket can be part of the incident
incident-gone = This incident is not there any more, or is over
incident-alike-both = { $category }: { $code }, { $prefix }
incident-alike-code = { $category }: { $code }
incident-alike-prefix = { $category }: { $prefix }
bulk-incident = Incident…
bulk-incident-label = Add to an incident
bulk-incident-button = Add
bulk-incident-missing = Choose an incident
bulk-incident-other = { $count ->
    [one] { $count } belongs to another incident.
   *[other] { $count } belong to another incident.
}
bulk-incident-closed = { $count ->
    [one] { $count } is over already.
   *[other] { $count } are over already.
}

event-joined-incident = { $who }: added to the incident “{ $title }”
event-joined-incident-customer = { $who }: has the trouble “{ $title }”
event-left-incident = { $who }: taken out of the incident “{ $title }”
event-resolved-in-incident = Resolved with incident no. { $incident }
track-course-incident = Added to trouble that is known

letter-incident-update = News of an incident
letter-incident-resolved = End of an incident
letter-incident-follow = Confirmation of an address
letter-subject-follow = Confirm your address: { $title }
letter-subject-follow-update = News: { $title }
letter-subject-follow-resolved = Fixed: { $title }
letter-subject-incident-update = { $title }: report { $reference }
letter-subject-incident-resolved = Fixed: { $title }, report { $reference }
track-incident = It is part of known trouble. We will write when something changes:
track-incident-ask = { $count ->
    [one] There is trouble now. Does it affect you, too?
   *[other] There is trouble now. Does any of it affect you, too?
}
track-incident-join = Yes, it affects me
track-said-incident = We have added your report to this trouble.

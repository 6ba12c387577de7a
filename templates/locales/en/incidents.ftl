# Incidents: public pages and staff pages.

incidents-title = Known trouble
incidents-past = Over
incidents-none-now = We know of no trouble at the moment.
incidents-none-past = There is nothing here yet.
incidents-feed = Atom feed
incidents-feed-hint = Do you use a news reader? Add this feed and you will hear of new trouble.
incident-current = Trouble now:
incidents-current = { $count ->
    [one] Trouble now:
   *[other] Trouble now:
}
incident-ongoing = Going on
incident-ended = Over
incident-ongoing-text = We are mending it. Each piece of news appears on this page.
incident-ended-text = Does something still fail for you? It may have another cause:
incident-join = Me too
incident-more = What we know so far
incident-period = Since { $from }.
incident-period-until = Since { $from }, expected to be over: { $until }.
incident-period-ended = From { $from } to { $to }.
incident-timeline = How it goes
incident-affects = What it concerns
incident-affects-all = All calls
incident-numbers = Numbers that begin with:
incident-me-too = The same with you?
incident-me-too-hint = Press the button and we count you with the others. No sign-in, no form.
incident-joined-title = Thank you, you are counted
incident-joined-text = An example of your call helps us, too. If you give us one, we will write to you when something changes and when all works again.
incident-example = Give an example of your call

subscription-title = Shall we write to you about changes?
subscription-hint = We will send an e-mail with a link to confirm. We forget the address four weeks after the end of the trouble.
subscription-button = Write to me
subscription-requested = Check your mail
subscription-address-saved = We have noted the address
subscription-requested-text = We have sent an e-mail with a link. We begin to write once you confirm the address. If it is not there after some minutes, look into your spam folder or give the address once more.
subscription-requested-no-mail = No mail goes out at the moment. We will send the e-mail with the link to confirm as soon as we can.
subscription-confirm-title = Shall we write to you about this trouble?
subscription-confirm-text = We will write to { $email } when something changes and when all works again.
subscription-confirm = Yes, write to me
subscription-delete-address = Forget my address
subscription-active = We write to you about this trouble
subscription-active-text = We write to { $email } when something changes, and will when all works again.
subscription-cancel = Stop writing to me
subscription-incident-ended = This trouble is over
subscription-incident-ended-text = There will be no more e-mails. We forget your address four weeks after the end of the trouble, or now, if you like.
subscription-none = We don't write to you about this trouble
subscription-none-text = We no longer have your address. The page of known trouble tells of whatever goes on.

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
incident-moment-invalid = There is no such date and time. Write, for example, 2026-11-22 14:05
incident-until-before = The end has to come after the beginning
incident-prefix-invalid = This is not how a number begins: “{ $text }”. Write, for example, 0044 20
incident-address-invalid = This is neither an address nor a network: “{ $text }”. Write, for example, 203.0.113.0/24
incident-list-too-long = Too many at once: { $count }. There is room for { $most } at most
incident-preview = This is what customers will see
incident-preview-button = Preview
incident-conflict = Somebody ({ $name }) has changed this incident before you. This is what it is now
incident-text-incomplete = A title or a text is missing in one language. Complete the text
incident-tickets-in-other = { $count ->
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
incident-refresh = Look again
incident-joined = Tickets
incident-visitors = Pressed “Me too”
incident-subscribers = Follow by e-mail
incident-emails = E-mails to customers
incident-send-update = Write to all who joined
incident-send-update-text = The news appears on the pages for customers and goes out by e-mail, one to each address.
incident-send-update-button = Send the news
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
incident-membership = Belongs to:
incident-membership-yes = Yes, add it
incident-membership-no = No
incident-leave = Take it out of the incident
incident-other = This ticket belongs to another incident: “{ $title }”
incident-closed = This ticket is over, it can't be part of an incident
incident-duplicate = This is a duplicate. Its main ticket can be part of the incident
incident-not-found = This incident is not there any more, or is over
incident-cluster-code-and-prefix = { $category }: { $code }, { $prefix }
incident-cluster-code = { $category }: { $code }
incident-cluster-prefix = { $category }: { $prefix }
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

event-incident-joined = { $who }: added to the incident “{ $title }”
event-incident-joined-customer = { $who }: has the trouble “{ $title }”
event-incident-left = { $who }: taken out of the incident “{ $title }”
event-resolved-in-incident = Resolved with incident no. { $incident }
customer-timeline-incident-joined = Added to trouble that is known

email-incident-update = News of an incident
email-incident-resolved = End of an incident
email-incident-subscription = Confirmation of an address
email-subject-subscription-confirm = Confirm your address: { $title }
email-subject-subscription-update = News: { $title }
email-subject-subscription-resolved = Fixed: { $title }
email-subject-incident-update = { $title }: report { $reference }
email-subject-incident-resolved = Fixed: { $title }, report { $reference }
customer-incident = It is part of known trouble. We will write when something changes:
customer-incident-ask = { $count ->
    [one] There is trouble now. Does it affect you, too?
   *[other] There is trouble now. Does any of it affect you, too?
}
customer-incident-join = Yes, it affects me
customer-flash-incident = We have added your report to this trouble.

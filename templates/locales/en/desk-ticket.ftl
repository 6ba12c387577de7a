# The staff page of a ticket: call summary, composer, related tickets.

call-summary-local = Local time ({ $zone })
call-summary-utc = UTC
call-summary-reported = Reported ({ $zone })
call-summary-code = Code
call-summary-code-meaning = { $code }: { $meaning }
call-summary-error = Message
call-summary-symptom = Symptom
call-summary-account = SIP account
call-summary-device = Device
call-summary-address = Public IP
call-summary-reporter = Reporter's IP
call-summary-service = Service
call-summary-billing = In the call history
call-summary-missing = not given
call-summary-typed = typed: { $text }
call-summary-extension = { $number } ext. { $extension }
call-summary-copy = Copy
call-summary-copied = Copied
call-summary-copy-by-hand = The text is selected. Press Ctrl+C
call-summary-as-text = As text

related-title = Related
related-none = Nothing alike nearby.
related-caller = same A
related-callee = same B
related-account = same account
related-address = same IP address
related-cause = { $code } to { $prefix }…, within 2 h
related-rest = { $count } more
related-more = More: { $why }
related-main = Duplicate of
related-duplicates = Duplicates of this ticket
related-merge-one = Same trouble
merge-label = Duplicate of ticket

desk-guide-path-count = { $count ->
    [one] { $count } question and answer
   *[other] { $count } questions and answers
}
compose-kind = Kind of message
compose-reply = Answer to the customer
compose-note = Internal note
compose-no-email = The customer gave no e-mail. They will see the answer on the ticket's page; you can also call { $phone }.
compose-send-to = Send to { $email }
compose-saved-reply = Saved reply
compose-saved-reply-choose = Choose
compose-saved-reply-empty = Do you often write the same?
compose-insert = Insert
compose-restored = Draft restored.
compose-discard = Discard
compose-note-not-sent = This is a note, so we did not send it. Save it as a note, or choose the answer to the customer
replies-all = Saved replies
history-older = { $count ->
    [one] Before: { $count } entry
   *[other] Before: { $count } entries
}
desk-take-reason = Why you take it over
desk-change-waiting = Change the date…
desk-waiting-until = until { $until }
desk-undone = taken back
desk-show-changes = Show
related-similar = Alike
desk-long-text = Long text
desk-earlier-messages = { $count ->
    [one] { $count } earlier message
   *[other] { $count } earlier messages
}
compose-duplicate = This customer also sees the answers of { $main }.
compose-duplicates = { $count ->
    [one] The duplicate's customer will see it, too.
   *[other] The customers of { $count } duplicates will see it, too.
}
details-complete = The data is complete
details-incomplete = Something is missing to find the call
details-missing = Missing data: { $missing }
evidence-complete-letter = D
call-summary-example = Example
call-summary-examples = Other examples from the customer
call-details-title = What the call is found by
call-detail-missing = missing
call-detail-withdraw = Take the question back
call-detail-requested = asked
call-detail-request = Ask the customer
call-detail-enter = Put in
call-detail-title = Put in: { $detail }
call-detail-current = Now: { $value }
call-detail-save = Save
intended-action-request-detail = Ask the customer: { $detail }
intended-action-withdraw-request = Take a question back: { $detail }
intended-action-provide-detail = Put in, { $detail }: { $value }
access-link = The customer's link
access-link-title = The customer's link
access-link-text = Whoever has it sees the ticket and can write in it. Give it to the customer alone.
access-link-none = This ticket is older than today's links. The customer has theirs; to see one, make a new one.
access-link-until = The link works until { $date }.
access-link-rotate-text = A new link makes all earlier ones worthless.
access-link-rotate = Make a new link
## Phone report, entered by staff

desk-phone-report = Take a report
shortcut-report = take a report down for a customer
phone-report-title = Take a report
phone-report-channel = How did it come?
phone-report-contact = Neither is needed, but without them the customer gets no answer.
phone-report-lang = The customer's language
phone-report-save = Save
phone-report-save-take = Save and take it
similar-title = Open tickets like it
similar-empty = They show here when you type a number or an account.
similar-none = None is open with this number or account.
similar-count = { $count ->
    [one] { $count } open ticket:
   *[other] { $count } open tickets:
}
similar-new-tab = (in a new tab)
phone-report-incident = Is it a known incident?
phone-report-incident-none = No, or nobody knows
similar-incident = It fits an incident that is going on:
similar-search = Look for similar ones

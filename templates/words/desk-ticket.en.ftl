# The ticket's page for staff: the technician's strip, the composer, related tickets. See src/desk/ticket.rs.

strip-local = Local time ({ $zone })
strip-utc = UTC
strip-reported = Reported ({ $zone })
strip-code = Code
strip-code-meant = { $code }: { $meaning }
strip-error = Message
strip-symptom = Symptom
strip-account = SIP account
strip-device = Device
strip-address = Public IP
strip-reporter = Reporter's IP
strip-service = Service
strip-billing = In the call history
strip-missing = not given
strip-typed = typed: { $text }
strip-extension = { $number } ext. { $extension }
strip-copy = Copy
strip-copied = Copied
strip-copy-by-hand = The text is selected. Press Ctrl+C
strip-as-text = As text

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

desk-walk-questions = { $count ->
    [one] { $count } question and answer
   *[other] { $count } questions and answers
}
compose-kind = Kind of message
compose-reply = Answer to the customer
compose-note = Internal note
compose-no-email = The customer gave no e-mail. They will see the answer on the ticket's page; you can also call { $phone }.
compose-send-to = Send to { $email }
compose-saved = Saved reply
compose-saved-none = Choose
compose-saved-empty = Do you often write the same?
compose-insert = Insert
compose-restored = Draft restored.
compose-discard = Discard
compose-note-not-sent = This is a note, so we did not send it. Save it as a note, or choose the answer to the customer
saved-all = Saved replies
history-older = { $count ->
    [one] Before: { $count } entry
   *[other] Before: { $count } entries
}
desk-take-reason = Why you take it over
desk-wait-otherwise = Change the date…
desk-until = until { $until }
desk-withdrawn = taken back
desk-changed-show = Show
related-near = Alike
desk-long-text = Long text
desk-earlier = { $count ->
    [one] { $count } earlier message
   *[other] { $count } earlier messages
}
compose-duplicate = This customer also sees the answers of { $main }.
compose-duplicates = { $count ->
    [one] The duplicate's customer will see it, too.
   *[other] The customers of { $count } duplicates will see it, too.
}
findable = The data is complete
findable-not = Something is missing to find the call
findable-missing = Missing data: { $missing }
evidence-findable-letter = F
strip-example = Example
strip-examples = Other examples from the customer
pieces-title = What the call is found by
piece-missing = missing
piece-take-back = Take the question back
piece-asked = asked
piece-ask = Ask the customer
piece-fill = Put in
piece-title = Put in: { $piece }
piece-known = Now: { $value }
piece-save = Save
stale-wish-ask = Ask the customer: { $piece }
stale-wish-take-back = Take a question back: { $piece }
stale-wish-fill = Put in, { $piece }: { $value }
desk-link = The customer's link
desk-link-title = The customer's link
desk-link-text = Whoever has it sees the ticket and can write in it. Give it to the customer alone.
desk-link-none = This ticket is older than today's links. The customer has theirs; to see one, make a new one.
desk-link-until = The link works until { $date }.
desk-link-replace-text = A new link makes all earlier ones worthless.
desk-link-replace = Make a new link
## A report that staff take down

desk-report = Take a report
keys-report = take a report down for a customer
taken-title = Take a report
taken-channel = How did it come?
taken-contact = Neither is needed, but without them the customer gets no answer.
taken-lang = The customer's language
taken-save = Save
taken-save-take = Save and take it
similar-title = Open tickets like it
similar-empty = They show here when you type a number or an account.
similar-none = None is open with this number or account.
similar-count = { $count ->
    [one] { $count } open ticket:
   *[other] { $count } open tickets:
}
similar-new-tab = (in a new tab)
taken-incident = Is it a known incident?
taken-incident-none = No, or nobody knows
similar-incident = It fits an incident that is going on:
similar-look = Look for similar ones

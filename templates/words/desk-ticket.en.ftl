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
related-cause = { $code } to +{ $prefix }…, within 2 h
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

# Mail in: what came and what became of it. See src/mail_in.

mail-title = Incoming mail
desk-mail = Mail
mail-kinds = What became of the messages
mail-all = All
mail-fate-ticket = new ticket
mail-fate-message = answer
mail-fate-bounce = letter came back
mail-fate-automatic = machine
mail-fate-loop = loop
mail-fate-flood = too many
mail-fate-unreadable = to look at
mail-counted = Figures of the last 30 days.
mail-again-count = { $count ->
    [one] One message came again and counts once.
   *[other] { $count } messages came again and count once.
}
mail-again = { $count ->
    [one] came once more
   *[other] came { $count } times more
}
mail-to-look-at = { $count ->
    [one] One message waits to be looked at
   *[other] { $count } messages wait to be looked at
}
mail-to-look-at-show = Show
mail-none = Nothing has come
mail-none-of-kind = There are no such messages
mail-none-text = How to connect a mailbox is in the README: “Mail in”.
mail-none-further = There is no more
mail-more = Earlier
mail-no-subject = (no subject)
mail-no-sender = sender unknown
mail-done = looked at
mail-from = From
mail-came = Came
mail-files = Attachments
mail-whole = The whole message
mail-download = Download
mail-kept-whole = Whole, as it came, with attachments. We keep it for 30 days, its text longer.
mail-kept-beginning = Only its beginning: the rest was too long, or nobody needs it.
mail-kept-nothing = The attachments are gone: we keep them for 30 days.
mail-text = Text
mail-no-text = No text.
mail-quoted = Quotation
mail-make-ticket = Make a ticket of it
mail-set-done = Mark as looked at
mail-stranger = Another address than the ticket’s
mail-stranger-text = The sender knows our letter, but we don’t know whether it is this customer. The customer can’t see the message.
mail-bytes = { $count } B
mail-kilobytes = { $count } kB
mail-megabytes = { $size } MB
mail-why-new = It answers none of our letters.
mail-why-signed-address = It came to the ticket’s address.
mail-why-letter = It answers our letter.
mail-why-over = It answers a letter about a ticket that is closed.
mail-why-follower = It answers a letter about an incident that its sender follows.
mail-answers-ticket = An answer to a letter of ticket { $reference }, which is closed.
mail-answers-incident = An answer to a letter about the incident: { $title }
mail-why-by-hand = The ticket was made by hand.
mail-why-no-header = This is not a message: it has no headers.
mail-why-no-sender = It has no address that can be answered.
mail-why-same-id = It has the same identifier as another message, and says something else.
mail-why-own-address = Our own address sent it.
mail-why-own-letter = It is our own letter.
mail-why-hops = It goes round between servers.
mail-why-report = A report of a mail server or program.
mail-why-auto = An automatic answer.
mail-why-precedence = Bulk mail.
mail-why-no-return = Its sender takes no answers.
mail-why-failed = The recipient’s server refused our letter.
mail-why-delayed = The recipient’s server is still trying.
mail-why-too-many = Its sender sent too many messages within the hour.
mail-why-broken = Nothing can be read out of it.
mail-of-ticket = Mail
mail-other-address = another address
settle-title = Read out of the e-mail
settle-lead = Check it, put it right, confirm it. Empty fields may stay empty.
settle-confirm = Confirm
settle-too-long = The message has { $count } characters, { $most } fit
settle-date = Day
settle-twice = That night this hour came twice. Give another one or leave the field empty
settle-stale = Somebody has changed this ticket meanwhile. Look at it and confirm once more

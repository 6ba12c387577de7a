# Inbound mail: messages and their disposition.

inbound-mail-title = Incoming e-mail
desk-inbound-mail = Incoming e-mail
inbound-mail-dispositions = What became of the messages
inbound-mail-all = All
inbound-mail-disposition-ticket = new ticket
inbound-mail-disposition-message = answer
inbound-mail-disposition-bounce = our e-mail bounced
inbound-mail-disposition-automatic = machine
inbound-mail-disposition-loop = loop
inbound-mail-disposition-flood = too many
inbound-mail-disposition-unreadable = to look at
inbound-mail-period = Figures of the last 30 days.
inbound-mail-repeated-total = { $count ->
    [one] One message came again and counts once.
   *[other] { $count } messages came again and count once.
}
inbound-mail-repeated = { $count ->
    [one] came once more
   *[other] came { $count } times more
}
inbound-mail-needs-review = { $count ->
    [one] One message to be looked at
   *[other] { $count } messages to be looked at
}
inbound-mail-needs-review-show = Show
inbound-mail-none = Nothing has come
inbound-mail-none-of-kind = There are no such messages
inbound-mail-none-text = How to connect the mailbox is in docs/inbound-mail.md.
inbound-mail-none-further = There is no more
inbound-mail-more = Earlier
inbound-mail-no-subject = (no subject)
inbound-mail-no-sender = sender unknown
inbound-mail-reviewed = looked at
inbound-mail-from = From
inbound-mail-received = Came
inbound-mail-attachments = Attachments
inbound-mail-whole = The whole message
inbound-mail-download = Download
inbound-mail-stored-whole = Whole, as it came, with attachments. We keep it for 30 days, its text longer.
inbound-mail-stored-beginning = Only its beginning: the rest was too long, or nobody needs it.
inbound-mail-stored-nothing = The attachments are gone: we keep them for 30 days.
inbound-mail-text = Text
inbound-mail-no-text = No text.
inbound-mail-quotation = Quotation
inbound-mail-make-ticket = Make a ticket of it
inbound-mail-mark-reviewed = Mark as looked at
inbound-mail-other-sender-title = Another address than the ticket’s
inbound-mail-other-sender-text = The sender knows our e-mail, but we don’t know whether it is this customer. The customer can’t see the message.
inbound-mail-bytes = { $count } B
inbound-mail-kilobytes = { $count } kB
inbound-mail-megabytes = { $size } MB
inbound-mail-reason-new = It answers none of our e-mails.
inbound-mail-reason-signed-address = It came to the ticket’s address.
inbound-mail-reason-email = It answers our e-mail.
inbound-mail-reason-closed-ticket = It answers an e-mail about a ticket that is closed.
inbound-mail-reason-subscriber = It answers an e-mail about an incident that its sender follows.
inbound-mail-reply-to-ticket = An answer to an e-mail of ticket { $reference }, which is closed.
inbound-mail-reply-to-incident = An answer to an e-mail about the incident: { $title }
inbound-mail-reason-by-hand = The ticket was made by hand.
inbound-mail-reason-no-header = This is not a message: it has no headers.
inbound-mail-reason-no-sender = It has no address that can be answered.
inbound-mail-reason-same-id = It has the same identifier as another message, and says something else.
inbound-mail-reason-own-address = Our own address sent it.
inbound-mail-reason-own-email = It is our own e-mail.
inbound-mail-reason-hops = It goes round between servers.
inbound-mail-reason-report = A report of a mail server or program.
inbound-mail-reason-auto = An automatic answer.
inbound-mail-reason-precedence = Bulk mail.
inbound-mail-reason-no-return = Its sender takes no answers.
inbound-mail-reason-failed = The recipient’s server refused our e-mail.
inbound-mail-reason-delayed = The recipient’s server is still trying.
inbound-mail-reason-too-many = Its sender sent too many messages within the hour.
inbound-mail-reason-unreadable = Nothing can be read out of it.
inbound-mail-of-ticket = Incoming e-mail
inbound-mail-other-sender = another address
email-details-title = Read out of the e-mail
email-details-lead = Check it, put it right, confirm it. Empty fields may stay empty.
email-details-confirm = Confirm
email-details-too-long = The message has { $count } characters, { $most } fit
email-details-date = Day
email-details-ambiguous-time = That night this hour came twice. Give another one or leave the field empty
email-details-conflict = Somebody has changed this ticket meanwhile. Look at it and confirm once more

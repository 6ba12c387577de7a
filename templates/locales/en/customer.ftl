# The customer's page of a ticket, and the forms on it.

customer-lookup-title = Check my ticket
customer-lookup-lead = Do you have an e-mail from us? Open the link in it. Otherwise give the reference and the access code: they are on the page that you saw after sending the report, and in its address.
customer-reference = Reference
customer-reference-hint = For example DZ-7K3M9-Q2XWG.
customer-access-key = Access code
customer-access-key-hint = 26 letters and digits. Dashes and capitals don't matter.
customer-access-key-missing = Give the access code. It is on the ticket's page, below the reference
customer-lookup-button = Show the ticket
customer-lookup-failed = We can't show this ticket
customer-lookup-refused = This reference and this access code do not belong together, or the link has expired. Check both, or ask for a new link below

customer-heading = Ticket
customer-last-change = last change:
customer-status-new = Received
customer-status-open = We are looking into it
customer-status-duplicate = We are looking into it
customer-status-waiting = We are waiting for an explanation
customer-status-resolved = Resolved
customer-status-spam = Received
customer-next = What happens next
customer-next-new = { $hours ->
    [one] The ticket is in the queue. A technician will take it up within { $hours } working hour. The answer will be on this page. You need do nothing.
   *[other] The ticket is in the queue. A technician will take it up within { $hours } working hours. The answer will be on this page. You need do nothing.
}
customer-next-open = A technician is working on your ticket and will write on this page when there is more to tell. You need do nothing.
customer-next-waiting = We are waiting for another operator's answer, or for the result of a test. We will write here when we have it.
customer-next-waiting-customer = We are waiting to hear from you. Our question stands below, in what has happened. Answer on this page.
customer-next-waiting-carrier = We are waiting for another operator's answer. We will write here when we have it.
customer-next-new-by = The ticket is in the queue. We will answer { $by }. You need do nothing.
customer-next-open-by = A technician is looking into your ticket. We will answer { $by }. You need do nothing.
customer-next-late = We are sorry that it takes longer: the answer was due by { $moment }. The ticket is not lost and is at the head of the queue. If it is urgent, call us.
customer-next-detail-requested = We are waiting for your answer to the question above. When it is here, a technician goes on at once.
customer-next-until = { $text } We will come back to it { $by }, even without news.
customer-next-closed = This ticket is closed. If something fails again, report a new call: the old one has left no trace that could be looked at.
customer-merged-text = We treat it together with another report of the same trouble. Answers that concern both are on this page, too.
customer-next-resolved = The problem is resolved. If it comes back, tell us below and we will look at it again.
customer-new-report = Send a new report
customer-timeline = What has happened
customer-timeline-opened = Ticket received
customer-timeline-resubmitted = The form came a second time; the new content was added
customer-timeline-assigned = A technician has taken it up
customer-timeline-merged = Joined with another report of the same trouble
customer-timeline-replied = Answer
customer-timeline-resolved = Resolved
customer-timeline-reopened = Opened again
customer-timeline-upcoming = An answer with the result
customer-by = { $name }, technical support
customer-to-you = writes to you
customer-reported = What is in the ticket
customer-category = Problem
customer-caller = Caller
customer-callee = Number called
customer-when = When
customer-precision-exact = exact time
customer-precision-5min = to within 5 minutes
customer-precision-30min = to within half an hour
customer-billing = In the call history
customer-error = Message
customer-contact = Contact
customer-not-given = not given
customer-typed = typed: { $text }
customer-answers = Your answers in the guide
customer-bookmark = Keep this page
customer-bookmark-text = Bookmark it, or note the reference and the code. Whoever has the code can see the ticket, so don't make it public.
customer-confirm-fixed = It works now
customer-still-broken = It still fails
customer-still-broken-title = Does it still fail?
customer-write-title = Write to us
customer-write = What has changed, or what should we know?
customer-write-hint = A technician will read it together with the ticket.
customer-write-missing = Write something before you send it
customer-send = Send the message
customer-example = Add another example of a call
customer-examples = More examples
customer-you = You
customer-back = Back to the ticket
customer-unsent-text = This is left from your form:
customer-question = We have one question
customer-question-about = To find your call, we need one more thing: { $detail }.
customer-question-answer = Answer
customer-details-complete = We have all that is needed
customer-details-incomplete = This call will be hard to find
customer-details-missing = Missing data: { $missing }.
customer-timeline-request-withdrawn = A question that needs no answer any more: { $detail }
customer-timeline-detail-requested = A question for you: { $detail }
customer-timeline-detail-provided = Added, { $detail }: { $value }
customer-timeline-message = Your message
customer-timeline-confirmed-fixed = You say that it works now
customer-timeline-still-broken = You say that it still fails
customer-timeline-example-added = Another example of a call
customer-timeline-access-key-rotated = A new link to this page
customer-timeline-access-link-requested = The link was sent to your e-mail
customer-flash-message = Thank you, the message is in the ticket.
customer-flash-confirmed-fixed = Thank you, we have noted that it works now.
customer-flash-still-broken = We have noted that it still fails. A technician will look at it again.
customer-flash-example = Thank you, the example is in the ticket.
customer-flash-answer = Thank you, the answer is in the ticket.
customer-flash-access-key-rotated = This is the new link. The old one no longer works, so keep this one.
customer-flash-closed = This ticket is closed by now and takes no messages. Report a new call.
customer-access-link-until = The link works until { $date }.
customer-qr-code = Open it on another device
customer-qr-code-text = Point a phone's camera at the picture. It opens the same page.
customer-qr-code-label = QR code with this page's address
customer-rotate-key = Does somebody else know this link?
customer-rotate-key-text = Make a new one. The old link and the old code stop working at once.
customer-rotate-key-button = Make a new link

## Answering a question

answer-caller = Who called?
answer-callee = Which number was called?
answer-time = At what time exactly?
answer-message = What was the message or error code?
answer-lead = This one answer is all that we need to go on with ticket
answer-known = In the ticket now: { $value }
answer-send = Send the answer
answer-closed = This question needs no answer any more
answer-closed-text = We have the answer already, or need it no more. Thank you.
answer-withdrawn = We have taken this question back; you don't need to do anything. We are sorry for the trouble.
answer-closed-resolved = The ticket is resolved, so this answer is no longer needed. Thank you.
answer-conflict = This question is closed by now
answer-conflict-text = Somebody answered a moment ago. If your answer is another one, send it as a message: nothing is lost.
answer-conflict-message = Your answer
report-error_text-missing = Write the words of the message, or the code

## Another example of a call

example-title = Add another example of a call
example-lead = One more attempt that failed helps to find the cause. We will add it to ticket
example-send = Add the example
example-limit-reached = The ticket has many examples by now, and more are not needed. If this one is different, write a message.

## Requesting a lost link

access-link-lookup-title = Have you lost the link?
access-link-lookup-lead = Give the ticket's reference and the e-mail address in it. We will send the link to that address.
access-link-lookup-email-hint = The one that is in the ticket.
access-link-lookup-send = Send me the link
access-link-lookup-sent-title = Look into your mailbox
access-link-lookup-sent-text = If this reference and this address belong together, the link is on its way. Not there after some minutes? Look into the spam folder. We send it to the same mailbox once in 10 minutes at most.

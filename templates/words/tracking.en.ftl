# The customer's page of a ticket, and everything that can be added there.

track-title = Check my ticket
track-lead = Do you have an e-mail from us? Open the link in it. Otherwise give the reference and the access code: they are on the page that you saw after sending the report, and in its address.
track-reference = Reference
track-reference-hint = For example DZ-7K3M9-Q2XWG.
track-key = Access code
track-key-hint = 26 letters and digits. Dashes and capitals don't matter.
track-key-missing = Give the access code. It is on the ticket's page, below the reference
track-open = Show the ticket
track-not-found = We can't show this ticket
track-refused = This reference and this access code do not belong together, or the link has expired. Check both, or ask for a new link below

track-heading = Ticket
track-as-of = last change:
track-status-new = Received
track-status-open = We are looking into it
track-status-duplicate = We are looking into it
track-status-waiting = We are waiting for an explanation
track-status-resolved = Resolved
track-status-spam = Received
track-next = What happens next
track-next-new = { $hours ->
    [one] The ticket is in the queue. A technician will take it up within { $hours } working hour. The answer will be on this page. You need do nothing.
   *[other] The ticket is in the queue. A technician will take it up within { $hours } working hours. The answer will be on this page. You need do nothing.
}
track-next-open = A technician is working on your ticket and will write on this page when there is more to tell. You need do nothing.
track-next-waiting = We are waiting for another operator's answer, or for the result of a test. We will write here when we have it.
track-next-waiting-you = We are waiting to hear from you. Our question stands below, in what has happened. Answer on this page.
track-next-waiting-carrier = We are waiting for another operator's answer. We will write here when we have it.
track-next-new-by = The ticket is in the queue. We will answer { $by }. You need do nothing.
track-next-open-by = A technician is looking into your ticket. We will answer { $by }. You need do nothing.
track-next-late = We are sorry that it takes longer: the answer was due by { $moment }. The ticket is not lost and is at the head of the queue. If it is urgent, call us.
track-next-asked = We are waiting for your answer to the question above. When it is here, a technician goes on at once.
track-next-until = { $told } We will come back to it { $by }, even without news.
track-next-closed = This ticket is closed. If something fails again, report a new call: the old one has left no trace that could be looked at.
track-together = We treat it together with another report of the same trouble. Answers that concern both are on this page, too.
track-next-resolved = The problem is resolved. If it comes back, tell us below and we will look at it again.
track-again = Send a new report
track-course = What has happened
track-course-opened = Ticket received
track-course-sent-again = The form came a second time; the new content was added
track-course-taken = A technician has taken it up
track-course-merged = Joined with another report of the same trouble
track-course-replied = Answer
track-course-resolved = Resolved
track-course-reopened = Opened again
track-course-later = An answer with the result
track-by = { $name }, technical support
track-to-you = writes to you
track-reported = What is in the ticket
track-category = Problem
track-caller = Caller
track-callee = Number called
track-when = When
track-precision-exact = exact time
track-precision-5min = to within 5 minutes
track-precision-30min = to within half an hour
track-billing = In the call history
track-error = Message
track-contact = Contact
track-none = not given
track-typed = typed: { $text }
track-answers = Your answers in the guide
track-keep = Keep this page
track-keep-text = Bookmark it, or note the reference and the code. Whoever has the code can see the ticket, so don't make it public.
track-works = It works now
track-fails = It still fails
track-fails-title = Does it still fail?
track-write-title = Write to us
track-write = What has changed, or what should we know?
track-write-hint = A technician will read it together with the ticket.
track-write-missing = Write something before you send it
track-send = Send the message
track-example = Add another example of a call
track-examples = More examples
track-you = You
track-back = Back to the ticket
track-kept = This is left from your form:
track-question = We have one question
track-question-about = To find your call, we need one more thing: { $piece }.
track-question-answer = Answer
track-findable = We have all that is needed
track-not-findable = This call will be hard to find
track-missing = Missing data: { $missing }.
track-course-took-back = A question that needs no answer any more: { $piece }
track-course-asked = A question for you: { $piece }
track-course-filled = Added, { $piece }: { $value }
track-course-wrote = Your message
track-course-works = You say that it works now
track-course-fails = You say that it still fails
track-course-example = Another example of a call
track-course-rekeyed = A new link to this page
track-course-link = The link was sent to your e-mail
track-said-message = Thank you, the message is in the ticket.
track-said-works = Thank you, we have noted that it works now.
track-said-fails = We have noted that it still fails. A technician will look at it again.
track-said-example = Thank you, the example is in the ticket.
track-said-answer = Thank you, the answer is in the ticket.
track-said-link = This is the new link. The old one no longer works, so keep this one.
track-said-closed = This ticket is closed by now and takes no messages. Report a new call.
track-link-until = The link works until { $date }.
track-picture = Open it on another device
track-picture-text = Point a phone's camera at the picture. It opens the same page.
track-picture-label = QR code with this page's address
track-rekey = Does somebody else know this link?
track-rekey-text = Make a new one. The old link and the old code stop working at once.
track-rekey-button = Make a new link

## One question

answer-caller = Who called?
answer-callee = Which number was called?
answer-time = At what time exactly?
answer-message = What was the message or error code?
answer-lead = This one answer is all that we need to go on with ticket
answer-known = In the ticket now: { $value }
answer-send = Send the answer
answer-closed = This question needs no answer any more
answer-closed-text = We have the answer already, or need it no more. Thank you.
answer-taken-back = We have taken this question back; you don't need to do anything. We are sorry for the trouble.
answer-closed-over = The ticket is resolved, so this answer is no longer needed. Thank you.
answer-late = This question is closed by now
answer-late-text = Somebody answered a moment ago. If your answer is another one, send it as a message: nothing is lost.
answer-late-message = Your answer
report-error_text-missing = Write the words of the message, or the code

## Another call

example-title = Add another example of a call
example-lead = One more attempt that failed helps to find the cause. We will add it to ticket
example-send = Add the example
example-many = The ticket has many examples by now, and more are not needed. If this one is different, write a message.

## A lost link

lost-title = Have you lost the link?
lost-lead = Give the ticket's reference and the e-mail address in it. We will send the link to that address.
lost-email-hint = The one that is in the ticket.
lost-send = Send me the link
lost-sent-title = Look into your mailbox
lost-sent-text = If this reference and this address belong together, the link is on its way. Not there after some minutes? Look into the spam folder. We send it to the same mailbox once in 10 minutes at most.

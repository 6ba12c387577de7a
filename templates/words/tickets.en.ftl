# The ticket: its kinds, its states, its history, and the customer's page.

category-logged-out = The phone or app will not log in
category-audio = Bad sound or no sound
category-incoming = Nobody can call me
category-unknown = It is not known yet what is wrong
category-outgoing = I can't make calls
status-new = new
status-open = open
status-waiting = waiting
status-resolved = resolved
status-spam = spam
status-duplicate = duplicate
channel-web = form
channel-phone = phone
channel-chat = chat
channel-email = e-mail
service-virtual-pbx = Wirtualna Centrala (hosted PBX)
service-mini-voip = Mini VoIP
service-single-number = A single number
service-unknown = I don't know
precision-exact = Exact
precision-5min = Within 5 minutes
precision-30min = Within half an hour
billing-yes = Yes, it is on the list
billing-no = No
billing-unknown = I don't know
symptom-none = Silence on both sides
symptom-one-way-me = I can't hear the other side
symptom-one-way-them = The other side can't hear me
symptom-choppy = Gaps, the voice breaks up
symptom-echo = Echo
symptom-noise = Noise, crackling
symptom-dropped = The call is cut off
symptom-delay = Long delay

reference-wrong-form = A ticket's reference is DZ and ten characters, for example DZ-7K3M9-Q2XWG. See whether it is whole
reference-wrong-check = There is a slip in this reference: one of its characters is another. Compare it once more

actor-customer = The customer
actor-system = The system
event-opened = Received by { $channel }
event-sent-again = The form came again, with other content
event-taken = { $who } took it
event-taken-over = { $who } took it over from { $was }
event-assigned = { $who } gave it to { $name }
event-released = { $who } put it back in the queue
event-released-of = { $who } took it from { $was } and put it back in the queue
event-status = { $who } set the status “{ $status }”
event-resolved = { $who } resolved it
event-reopened = { $who } opened it again
event-spam = { $who } marked it as spam
event-noted = { $who } wrote a note
event-replied = { $who } answered the customer
event-and-took = { $told }, and took it
event-because = { $told }: “{ $reason }”
event-waits = { $who } waits for an explanation
event-waits-customer = { $who } waits for the customer
event-waits-carrier = { $who } waits for a carrier
event-until = { $told }, until { $until }
event-came-back = The day came, the ticket is back at work
event-merged = { $who } merged it: a duplicate of { $main }
event-merged-resolved = { $who } merged it: a duplicate of { $main }, resolved with it
event-absorbed = { $count ->
    [one] { $who } joined a duplicate: { $duplicates }
   *[other] { $who } joined duplicates: { $duplicates }
}
event-separated = { $who } separated it: no duplicate of { $main } any more
event-separated-spam = { $who } separated it, because { $main } is spam
event-let-go = { $count ->
    [one] { $who } let a duplicate go: { $duplicates }
   *[other] { $who } let duplicates go: { $duplicates }
}
event-resolved-with = { $who } resolved it together with { $main }
event-follows-again = { $who } opened it again together with { $main }
event-settled = { $who } confirmed what the e-mail tells
event-corrected = { $who } put right what the e-mail tells: { $fields }
settled-was = { $field } (was: { $was })
guess-category = Category
guess-caller = A
guess-callee = B
guess-when = Time
guess-error = Message
guess-symptom = Symptom
guess-account = SIP account
guessed = guessed
event-undone = { $who } took it back
whom-customer = the customer
whom-carrier = a carrier

track-title = Check my ticket
track-lead = Give the ticket's reference and its access code. Both are on the page that you saw after sending the report, and in its address.
track-reference = Reference
track-reference-hint = For example DZ-7K3M9-Q2XWG.
track-key = Access code
track-key-hint = 26 letters and digits. Dashes and capitals don't matter.
track-key-missing = Give the access code. It is on the ticket's page, below the reference
track-open = Show the ticket
track-not-found = We can't show this ticket
track-refused = This reference and this access code do not belong together. Check both

track-heading = Ticket
track-as-of = changed:
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
track-next-open = A technician is looking into your call. The answer will be on this page. You need do nothing.
track-next-waiting = We are waiting for another operator's answer, or for the result of a test. We will write here when we have it.
track-next-waiting-you = We are waiting to hear from you. What it is about stands below. Call or write to us; the contacts are at the end of this page.
track-next-waiting-carrier = We are waiting for another operator's answer. We will write here when we have it.
track-together = We treat it together with another report of the same trouble. Answers that concern both are on this page, too.
track-next-resolved = The problem is resolved. If it comes back, report a new call.
track-again = Report another call
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
track-billing = In the call history
track-error = Message
track-contact = Contact
track-none = not given
track-typed = typed: { $text }
track-answers = Your answers in the guide
track-keep = Keep this page
track-keep-text = Bookmark it, or note the reference and the code. Whoever has the code can see the ticket, so don't make it public.

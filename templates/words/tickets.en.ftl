# The ticket: its kinds, its states, its history.

category-logged-out = The phone or app will not log in
category-audio = Bad sound or no sound
category-incoming = Nobody can call me
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
event-undone = { $who } took it back
event-taken-down = { $who } took the report down by { $channel }
event-asked = { $who } asked the customer: { $piece }
event-filled = { $who }, { $piece }: { $now }
event-filled-over = { $who }, { $piece }: { $now } (was: { $was })
event-typed = { $value }, typed “{ $text }”
event-wrote = { $who } wrote
event-works = { $who } says that it works now
event-works-resolved = { $who } says that it works now: resolved
event-fails = { $who } says that it still fails
event-example = { $who } told of another call
event-back = { $told }, open again
event-back-separated = { $told }, open again, no duplicate of { $main } any more
event-heard-from = The customer of the duplicate { $duplicate } spoke
event-rekeyed = { $who } made a new link to the ticket's page
event-link = The link was asked for and sent to the customer's e-mail
piece-caller = who called
piece-callee = the number called
piece-time = the exact time
piece-message = the message or code
value = { $text }
value-extension = { $number } ext. { $extension }
value-about = { $moment }, within { $minutes } min
message-missing = Write something before you send it
whom-customer = the customer
whom-carrier = a carrier

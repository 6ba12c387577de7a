# Outgoing e-mails: subjects, states, the staff page.

email-subject-received = We have your report { $reference }
email-subject-reply = Answer to your report { $reference }
email-subject-detail-requested = We need one more thing: report { $reference }
email-subject-resolved = Resolved: report { $reference }
email-subject-reopened = Looking into it again: report { $reference }
email-subject-access-link = Link to your report { $reference }
email-hours = { $hours ->
    [one] A technician will look at it within { $hours } working hour.
   *[other] A technician will look at it within { $hours } working hours.
}

email-received = Report received
email-reply = Answer
email-detail-requested = Question
email-resolved = Resolved
email-reopened = Opened again
email-access-link = Link to the report's page

email-state-waiting = to be sent
email-state-scheduled = goes { $moment }
email-state-sending = being sent at this moment
email-state-sent = sent { $moment }
email-state-needs-attention = not sent, needs a decision
email-state-dropped = will not be sent
email-failure-server-unavailable = The mail server can't be reached or takes no e-mails from us.
email-failure-deferred = The mail server put it off.
email-failure-rejected = The mail server refused it. Check the customer's address.
email-failure-unconfirmed = Nobody knows whether it arrived: the line to the server broke while it was being sent.
email-failure-invalid = It can't be put together, or the customer's address is wrong.
email-failure-expired = It could not be sent for five days.

emails-on-ticket = E-mails to the customer
emails-on-ticket-none = We have not written to the customer.
emails-no-address = The customer gave no e-mail address, so no e-mails are sent.
email-status-sent = We write to { $email }. The last e-mail was sent { $moment }.
email-status-waiting = We write to { $email }. An e-mail has not gone yet; we will send it as soon as we can.
email-status-refused = An e-mail to { $email } did not arrive. The answers are on this page, so keep its address.

emails-title = Outgoing e-mail
desk-emails = Outgoing e-mail
emails-need-attention-count = to be decided: { $count }
emails-need-attention = To be decided
emails-waiting = To be sent
emails-need-attention-lead = The program will not send these by itself any more. Send them once more, or give them up.
emails-waiting-lead = These go by themselves, in this order.
emails-none-need-attention = No e-mail needs a decision.
emails-none-waiting = No e-mail is to be sent.
emails-none-further = There are no more e-mails.
emails-not-configured = No e-mail goes out
emails-not-configured-text = There is no mail server (DZWONI_SMTP_URL). E-mails go out once there is one. Those older than five days will then need a decision.
emails-more = Next ones
emails-resend-all = Send all once more
emails-discard-all = Give all of them up
emails-discard-all-text = The customers will get none of these e-mails. The answers stay on the reports' pages.
emails-discard-all-button = Yes, give all of them up
email-server-reply = The server:
email-next-attempt = Next try: { $moment }
email-attempts = { $count ->
    [one] { $count } try so far.
   *[other] { $count } tries so far.
}
email-send-now = Send now
email-resend = Send once more
email-resend-unsure = Send once more (the customer may get it twice)
email-discard = Don't send

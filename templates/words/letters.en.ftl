# Letters to customers: subjects, states, the page for staff.

letter-subject-received = We have your report { $reference }
letter-subject-answered = Answer to your report { $reference }
letter-subject-asked = We need one more thing: report { $reference }
letter-subject-resolved = Resolved: report { $reference }
letter-subject-reopened = Looking into it again: report { $reference }
letter-subject-link = Link to your report { $reference }
letter-hours = { $hours ->
    [one] A technician will look at it within { $hours } working hour.
   *[other] A technician will look at it within { $hours } working hours.
}

letter-received = Report received
letter-answered = Answer
letter-asked = Question
letter-resolved = Resolved
letter-reopened = Opened again
letter-link = Link to the report's page

letter-state-waiting = waits to be sent
letter-state-until = goes { $moment }
letter-state-sending = being sent at this moment
letter-state-sent = sent { $moment }
letter-state-stuck = not sent, needs a decision
letter-state-dropped = will not be sent
letter-trouble-server = The mail server can't be reached or takes no letters from us.
letter-trouble-later = The mail server put it off.
letter-trouble-refused = The mail server refused it. Check the customer's address.
letter-trouble-unsure = Nobody knows whether it arrived: the line to the server broke while it was being sent.
letter-trouble-unwritable = It can't be put together, or the customer's address is wrong.
letter-trouble-late = It could not be sent for five days.

letters-on-ticket = Letters to the customer
letters-on-ticket-none = We have not written to the customer.
letters-no-email = The customer gave no e-mail address: there are no letters.
letter-told-sent = We write to { $email }. The last e-mail was sent { $moment }.
letter-told-waiting = We write to { $email }. An e-mail has not gone yet; we will send it as soon as we can.
letter-told-refused = An e-mail to { $email } did not arrive. The answers are on this page, so keep its address.

letters-title = Letters to customers
desk-letters = Letters
letters-need = to be decided: { $count }
letters-stuck = To be decided
letters-waiting = Waiting
letters-stuck-lead = The program will not send these by itself any more. Send them once more, or give them up.
letters-waiting-lead = These go by themselves, in this order.
letters-none-stuck = No letter needs a decision.
letters-none-waiting = No letter waits.
letters-none-further = There are no more letters.
letters-no-way = No letters go out
letters-no-way-text = There is no mail server (DZWONI_SMTP_URL). Letters wait until there is one. Those older than five days will then have to be decided.
letters-more = Next ones
letters-all-again = Send all once more
letters-all-never = Give all of them up
letters-all-never-text = The customers will get none of these letters. The answers stay on the reports' pages.
letters-all-never-button = Yes, give all of them up
letter-said = The server:
letter-next = Next try: { $moment }
letter-tries = { $count ->
    [one] { $count } try so far.
   *[other] { $count } tries so far.
}
letter-now = Send now
letter-again = Send once more
letter-again-unsure = Send once more (the customer may get it twice)
letter-never = Don't send

# What every page has around its content, and the pages for what goes wrong.

skip = Skip to the content
back = Back
nav-label = Service
nav-ticket = Check my ticket
nav-other-language = Polski
foot-title = Would you rather talk to a person?
foot-phone = Phone
foot-email = E-mail
foot-reply = { $hours ->
    [one] we answer within { $hours } working hour
   *[other] we answer within { $hours } working hours
}
foot-chat = Chat
foot-chat-open = Start a chat
foot-panel = Customer panel
foot-staff = For staff
operator-day = { $day ->
    [1] Mon
    [2] Tue
    [3] Wed
    [4] Thu
    [5] Fri
    [6] Sat
   *[7] Sun
}

form-error = Error:
form-optional = (optional)
form-understood = We read this as:

error-home = Home page
error-code = Answer code: { $status }
error-retry = { $seconds ->
    [one] Try again in { $seconds } second.
   *[other] Try again in { $seconds } seconds.
}
error-not-found-title = There is no such page here
error-not-found-text = The address may be incomplete, or the page has changed. Begin at the home page, or report a call.
error-not-found-text-desk = The address may be incomplete, or the page has changed. Begin at the queue.
error-forbidden-title = We can't do that
error-forbidden-text = The form came from another site, or this account may not do it. Open the page once more and try again.
error-method-title = This address can't be used that way
error-method-text = Open the page once more and use the buttons on it.
error-slow-title = The data did not arrive in time
error-slow-text = Your internet connection is too slow or was cut. Go back to the form and send it once more.
error-large-title = That is too much at once
error-large-text = The form can't take so long a text. Go back, make it shorter and send it once more.
error-many-title = Too many tries in a short time
error-many-text = Very many requests came from this address. Wait a moment.
error-away-title = Tickets are out of reach for a moment
error-away-text = We are working on it. The guides work all the time.
error-request-title = We can't read that
error-request-text = Open the page once more and try again.
error-internal-title = That is our mistake
error-internal-text = We have noted what happened. Try again in a moment, or call us.

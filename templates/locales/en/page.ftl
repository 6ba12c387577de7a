# The layout of all pages, forms in general, and error pages.

skip = Skip to the content
back = Back
nav-label = Service
nav-ticket = Check my ticket
nav-other-language = Polski
footer-title = Would you rather talk to a person?
footer-phone = Phone
footer-email = E-mail
footer-reply = { $hours ->
    [one] we answer within { $hours } working hour
   *[other] we answer within { $hours } working hours
}
footer-chat = Chat
footer-chat-open = Start a chat
footer-panel = Customer panel
footer-staff = For staff
business-hours-day = { $day ->
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
error-status = Answer code: { $status }
error-retry = { $seconds ->
    [one] Try again in { $seconds } second.
   *[other] Try again in { $seconds } seconds.
}
error-not-found-title = There is no such page here
error-not-found-text = The address may be incomplete, or the page has changed. Begin at the home page, or report a call.
error-not-found-text-desk = The address may be incomplete, or the page has changed. Begin at the queue.
error-forbidden-title = We can't do that
error-forbidden-text = The form came from another site, or this account may not do it. Open the page once more and try again.
error-method-not-allowed-title = This address can't be used that way
error-method-not-allowed-text = Open the page once more and use the buttons on it.
error-timeout-title = The data did not arrive in time
error-timeout-text = Your internet connection is too slow or was cut. Go back to the form and send it once more.
error-too-large-title = That is too much at once
error-too-large-text = The form can't take so long a text. Go back, make it shorter and send it once more.
error-rate-limited-title = Too many tries in a short time
error-rate-limited-text = Very many requests came from this address. Wait a moment.
error-unavailable-title = Tickets are out of reach for a moment
error-unavailable-text = We are working on it. The guides work all the time.
error-bad-request-title = We can't read that
error-bad-request-text = Open the page once more and try again.
error-internal-title = That is our mistake
error-internal-text = We have noted what happened. Try again in a moment, or call us.

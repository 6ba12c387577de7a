# The report form.

choose-title = What would you like to report?
choose-lead = Choose what happened. We will ask only for what we need.

report-title = Report a call that failed
report-title-audio = Report a call with bad sound
report-title-account = Report an account that does not log in
report-lead = Describe one attempt. With it, a technician can find the call in the network's records.
report-lead-audio = Describe one call. With it, a technician can find it in the network's records.
report-lead-account = Tell us the SIP account and the device. We will find out why the network does not see it.
form-errors-title = { $count ->
    [1] One thing needs to be put right
   *[other] { $count } things need to be put right
}

report-category = What happened?
report-category-missing = Choose what happened
report-caller = Who called?
report-caller-hint = A number or a SIP account. In Wirtualna Centrala and Mini VoIP, give the SIP account.
report-caller-hint-incoming = The number of the person who tried to reach you. If you don't know it, write “withheld”.
report-callee = Which number was called?
report-callee-hint = Exactly as it was dialled.
report-callee-hint-incoming = Your number, the one that somebody called.
party-description = { $number }, { $kind }
party-with-extension = { $number } ext. { $extension }, { $kind }

report-when = When?
report-day = Day
report-day-now = Just now
report-day-today = Today
report-day-yesterday = Yesterday
report-day-other = Another date
report-date = On which day?
report-date-hint = For example 22.11.2026.
report-time = At what time?
report-time-hint = For example 14:05, 1405 or “about 14”.
report-fold = Which of the two hours was it?
report-precision = How sure is that time?

report-symptom = What was heard?
report-symptom-missing = Choose what was heard
report-error_text = What was the message or error code?
report-error_text-hint = The exact words of the announcement, or the code on the screen.
report-no_error = There was no message and no code
report-no_error-answer = There was no message and no code
report-in_billing = Is the call in your call history?
report-in_billing-hint = You can see it in the customer panel:
report-billing-missing = Choose whether the call is in your call history

report-account = Which SIP account?
report-account-hint = For example 101, 12345-101 or anna@example.org.
report-device = Which phone or app?
report-device-hint = For example the phone's model or the app's name.
report-public_ip = The phone's public IP address
report-public_ip-hint = We see { $ip } now. Give another address if the phone is in another network.
report-ip-invalid = This is not an IP address. Write, for example, 203.0.113.7, or leave the field empty

report-service = Which service do you have?
report-description = What else should we know?
report-description-hint = For example since when, and whether always or only sometimes.
report-description-hint-account = Write the exact date and time when the account logged out, and what changed just before. For a new account: when it last tried to log in.
report-contact = How can we reach you?
report-contact-hint = One is enough: an e-mail address, or the number of another phone that works.
report-contact-missing = Give an e-mail address or a phone number, so that we can answer
report-email = E-mail
report-email-invalid = This does not look like an e-mail address. Write, for example, jan.nowak@example.com
report-phone = Phone
report-phone-hint = A number at which we can call you now.
report-phone-invalid = Write a whole phone number, for example 601 555 210
report-too-long = { $count ->
    [one] This text has { $count } character, and { $most } fit. Make it shorter
   *[other] This text has { $count } characters, and { $most } fit. Make it shorter
}
report-website = Leave this field empty
report-send = Send the report
report-switch-language = Show this form in English
report-nothing-lost = Nothing is lost: your answers stay here until you send the report.
report-privacy = Only our technicians will see the report. We use your data to find the cause and to answer you.

report-attached = We will attach
report-attached-ip = Public IP address
report-attached-browser = We will also attach the name of your browser.

report-refused-title = The report is not sent yet
report-refused-unavailable = We can't take it right now. Everything you typed is still on this page. Wait a moment and send it once more.
report-refused-rate-limited = Very many reports came from this address just now. Everything you typed is still on this page. Wait a moment and send it once more.
report-refused-phone = Is it urgent? Call us:

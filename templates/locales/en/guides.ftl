# The home page, the guides around their own content, and the checks.

home-title = What is happening with your phone?
home-lead = Choose what fits best. We will ask a few short questions and tell you what to do. No sign-in.
home-report = Would you rather report a call right away?
home-report-text = We need four things: who called, whom, when, and what was heard.
home-report-button = Report a call
home-ticket = Do you have a ticket already?
home-checks = Check it now
home-check-address = My IP address
home-check-address-text = Whether it is blocked
home-message = Do you see a message or an error code? Type it
home-common-codes = Frequent:
home-check-number = How a number is written
home-check-number-text = How to dial a number in Poland and abroad
home-check-line-test-text = In 10 seconds we say whether calls will break up
home-check-sound-text = Whether the microphone works and both sides are heard
home-check-lamps-text = What the lamp beside an account means
home-full-guide = the whole guide
home-full-guides = Whole guides, each on one page to read or print:

guide-number = Question { $number }.
guide-questions-left = { $left ->
    [0] This is the last one.
   *[other] At most { $left } left.
}
guide-panel = open one after another
guide-answer = Your answer
guide-answers = Your answers
guide-path = Your way
guide-change = Change
guide-change-of = the answer to: { $question }
guide-report-now = Report the problem now
guide-full = The whole guide on one page
guide-restart = Begin again
guide-step-by-step = Go step by step
guide-check-address = Check my IP address
guide-check-lamps = What does the lamp’s colour mean?
guide-check-message = What does this message mean?
guide-check-number = Check the number
guide-manuals = Open the instructions
guide-opens-new-tab = Opens in a new tab.
guide-go-to = go to point { $number }
guide-go-to-guide = go to the guide: { $guide }
guide-end-resolved = done, it works
guide-end-report = send a report

resolved-tag = It works
resolved-title = Good that it works now
resolved-lead = You need do nothing more. If the problem comes back, report it: we will attach the answers from this guide.
resolved-report = It doesn't work after all, report it

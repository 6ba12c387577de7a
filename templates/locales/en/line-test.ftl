# The line test.

check-link = Line test
line-test-title = Line test
line-test-heading = Is this line good enough for calls?
line-test-lead = For ten seconds we pretend to make an ordinary call and count what gets lost on the way.
line-test-connection-question = How is this device connected?
connection-cable = by cable
connection-wireless = by Wi-Fi
connection-mobile = by the mobile network
connection-unknown = I don't know
line-test-start = Start the test
line-test-stop = Stop the test
line-test-again = Repeat the test
line-test-same-line = The test measures the line of the device on which you see this page. Run it in the same network as the phone with the problem.
line-test-privacy = We send nothing but empty test packets. The result is kept for 30 days under a random address.
line-test-before = Before you start
line-test-before-quiet = Stop large downloads and films, unless you want to test the line with them.
line-test-before-stay = Stay on this tab until the end of the test.

line-test-without-script = This test needs JavaScript, which is switched off in this browser.
line-test-without-script-do = Without it you can do this:
line-test-without-media = We can't measure now what is heard in a call. We will only measure the delay.
line-test-without-other-line = Connect the phone to another line for a try, such as the internet of a mobile. If it works there, the line is to blame.
line-test-without-address = Check your address
line-test-without-lamps = See what the lamp beside the account says
line-test-without-report = Report the problem without a test

line-test-connecting = Connecting
line-test-measuring = Measuring the line
line-test-fallback = The usual way is closed. Measuring another.
line-test-finishing = Working out the result
line-test-progress = Progress of the test
line-test-seconds-left = { $seconds ->
    [0] Almost done
    [one] { $seconds } second left
   *[other] { $seconds } seconds left
}
line-test-stopped = The test was stopped. Nothing was kept.
line-test-failed = The test could not be run
line-test-failed-network = The portal does not answer. See whether other pages open, and try again.
line-test-failed-offer = This browser offered a connection that we can't take. Try in Chrome or Firefox.
line-test-failed-full = All places in the test are taken. Try again in a minute.
line-test-failed-many = There were many tests from this network. Wait a moment and try again.
line-test-failed-late = This test is over. Start a new one.
line-test-failed-microphone = Without the microphone you can't hear yourself. Allow it for this page in the browser's settings and try again.
line-test-failed-no-microphone = This browser sees no microphone.
line-test-failed-call = The test call could not be made. Run the line test first: it says whether the network lets calls through.

line-test-chart = Second by second
line-test-chart-hint = lower is better
line-test-chart-empty = The chart appears with the first packets.
line-test-chart-description = Delay there and back, second by second: { $times } ms. { $lost ->
    [0] Nothing was lost.
    [one] Packets were lost in { $lost } second.
   *[other] Packets were lost in { $lost } seconds.
}
line-test-legend-delay = delay there and back
line-test-legend-slow = slower than { $ms } ms
line-test-legend-lost = lost packets
line-test-unit-ms = { $n } ms
line-test-unit-s = { $n } s
line-test-unit-percent = { $n }%

line-test-gauge = Call quality: { $word }, { $mos } of 4.5
line-test-gauge-hint = from 1 (no talking) to 4.5 (like side by side)
line-test-gauge-description = Scale of quality from 1 to 4.5. The needle is at { $mos }, in the part “{ $word }”.
line-test-band-bad = bad
line-test-band-poor = poor
line-test-band-fair = fair
line-test-band-good = good

line-test-figures = In figures
line-test-figures-name = What we measured
line-test-figures-value = Result
line-test-figures-limit = Good if
line-test-figures-assessment = Mark
line-test-figure-delay = Delay one way
line-test-figure-jitter-up = Jitter, from you
line-test-figure-jitter-down = Jitter, to you
line-test-figure-lost-up = Lost packets, from you
line-test-figure-lost-down = Lost packets, to you
line-test-figure-late-up = Late packets, from you
line-test-figure-late-down = Late packets, to you
line-test-figure-gap = Longest gap
line-test-figure-websocket = Delay there and back, the way of web pages
line-test-below = below { $limit }
line-test-assessment-good = good
line-test-assessment-acceptable = acceptable
line-test-assessment-too-high = too much
line-test-details = Details for support

line-test-result-good = This line is good for calls
line-test-result-impaired = Calls will work, but now and then you will hear disturbances
line-test-result-breaks-up = Calls on this line will break up
line-test-result-impossible = This line can't carry a call
line-test-result-blocked = This network does not let calls through, although pages open
line-test-result-not-measured = The line could not be measured

line-test-reason-good = Packets arrive in time both ways. If calls fail all the same, the cause is elsewhere.
line-test-reason-loss-up = Voice from you gets lost on the way ({ $percent }% of packets): the other side hears gaps.
line-test-reason-loss-down = Voice to you gets lost on the way ({ $percent }% of packets): you hear gaps.
line-test-reason-late-up = Voice from you comes unevenly, up to { $ms } ms late: the other side hears gaps.
line-test-reason-late-down = Voice to you comes unevenly, up to { $ms } ms late: you hear gaps.
line-test-reason-delay = Voice takes { $ms } ms one way: people talk into each other's words.
line-test-reason-bufferbloat = The line is full: packets wait in a queue behind other traffic.
line-test-reason-no-channel = The connection opens, but hardly anything gets through it.
line-test-reason-blocked = UDP traffic, which carries the voice, is blocked. The receiver stays silent, or the call does not connect at all.
line-test-reason-no-webrtc = This browser has no WebRTC, or it is switched off, so it can't send traffic like that of a call.
line-test-reason-no-media = The portal has no room to measure a call at the moment. Only the delay of pages was measured.
line-test-reason-hidden = The tab with the test left the screen; the browser slows down then, and the result means nothing.
line-test-reason-suspended = The computer went to sleep, or the browser stood still during the test.
line-test-reason-disconnected = The connection broke during the test.

line-test-note-approximate = Packets waited in the browser, so the figures are approximate, rather too high.
line-test-note-busy = The computer was busy and sent unevenly. Repeat the test when it has less to do.
line-test-note-gap = There was a gap of more than a fifth of a second: enough to lose a syllable.
line-test-note-wireless = The delay jumps although the line is fast. Wi-Fi often behaves like this.

line-test-advice = What you can do now
line-test-advice-check-device = Look further in the device: the phone's settings, the handset, the microphone.
line-test-advice-phone-network = If the phone is in another network, repeat the test there.
line-test-advice-no-mobile = Connect by Wi-Fi or by cable and repeat the test.
line-test-advice-cable = Connect the phone or computer by cable instead of Wi-Fi and repeat the test.
line-test-advice-downloads = Stop large downloads and films while you make a call.
line-test-advice-other-line = Run the test on another line, such as the internet of a mobile, and compare.
line-test-advice-firewall = Ask the network's administrator to let UDP traffic to the ports of calls through the firewall.
line-test-advice-vpn = Switch off the VPN for a try and repeat the test.
line-test-advice-browser = Run the test in Chrome, Firefox, Edge or Safari.
line-test-advice-try-later = Try again in a few minutes.
line-test-advice-stay-on-tab = Repeat the test and stay on this tab until the end.
line-test-advice-repeat = Repeat the test.

line-test-row-cause = What it means
line-test-row-quality = Quality
line-test-row-up = From the customer to us
line-test-row-down = From us to the customer
line-test-row-round-trip = There and back
line-test-row-websocket = There and back, WebSocket
line-test-row-nat = Router
line-test-row-connection = Connection
line-test-row-note = Note
line-test-value-quality = MOS { $mos }, R { $r } (G.711); MOS { $other } (G.729A)
line-test-value-direction = lost { $lost }%, late { $late }%, jitter { $jitter } ms (RFC 3550: { $rfc } ms), longest gap { $gap } s, out of order { $reordered }, doubled { $doubled }, { $received } of { $sent } arrived
line-test-value-round-trip = { $usual } ms, least { $least } ms, 95% below { $slow } ms, most { $most } ms
line-test-nat-keeps = keeps one port outside
line-test-nat-changes = gives each connection another port outside
line-test-history = Tests of this visit
line-test-history-hint = Only you see them, in this tab.
line-test-history-time = When
line-test-history-connection = Connection
line-test-history-result = Result
line-test-history-quality = Quality

echo-call = Hear yourself
echo-call-lead = Call our echo: say a few words, and a second and a half later you hear them as they arrive at the other side. Best with headphones.
echo-call-start = Call the echo
echo-call-stop = End the call
echo-call-allow = Allow the microphone for this page
echo-call-ringing = Connecting the call
echo-call-talk = Speak. You hear yourself with a delay.
echo-call-left = { $seconds ->
    [0] Almost over
    [one] { $seconds } second left
   *[other] { $seconds } seconds left
}
echo-call-over = The call is over. A clear voice means a good line. Gaps and crackling: run the test above, it shows their cause.
echo-call-nothing-kept = Your voice goes to us and back. We record nothing.
guide-check-link = Measure the line

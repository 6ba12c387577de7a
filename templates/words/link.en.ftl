# The line test.

check-link = Line test
link-title = Line test
link-ask = Is this line good enough for calls?
link-lead = For ten seconds we pretend to make an ordinary call and count what gets lost on the way.
link-how = How is this device connected?
link-by-cable = by cable
link-by-wireless = by Wi-Fi
link-by-mobile = by the mobile network
link-by-unknown = I don't know
link-start = Start the test
link-stop = Stop the test
link-again = Repeat the test
link-same-line = The test measures the line of the device on which you see this page. Run it in the same network as the phone with the problem.
link-leaves = We send nothing but empty test packets. The result is kept for 30 days under a random address.
link-before = Before you start
link-before-quiet = Stop large downloads and films, unless you want to test the line with them.
link-before-stay = Stay on this tab until the end of the test.

link-without-script = This test needs JavaScript, which is switched off in this browser.
link-without-script-do = Without it you can do this:
link-without-media = We can't measure now what is heard in a call. We will only measure the delay.
link-without-other-line = Connect the phone to another line for a try, such as the internet of a mobile. If it works there, the line is to blame.
link-without-address = Check your address
link-without-lamps = See what the lamp beside the account says
link-without-report = Report the problem without a test

link-connecting = Connecting
link-measuring = Measuring the line
link-fallback = The usual way is closed. Measuring another.
link-finishing = Working out the result
link-progress = Progress of the test
link-left = { $seconds ->
    [0] Almost done
    [one] { $seconds } second left
   *[other] { $seconds } seconds left
}
link-stopped = The test was stopped. Nothing was kept.
link-failed = The test could not be run
link-failed-network = The portal does not answer. See whether other pages open, and try again.
link-failed-offer = This browser offered a connection that we can't take. Try in Chrome or Firefox.
link-failed-full = All places in the test are taken. Try again in a minute.
link-failed-many = There were many tests from this network. Wait a moment and try again.
link-failed-late = This test is over. Start a new one.
link-failed-microphone = Without the microphone you can't hear yourself. Allow it for this page in the browser's settings and try again.
link-failed-no-microphone = This browser sees no microphone.
link-failed-call = The test call could not be made. Run the line test first: it says whether the network lets calls through.

link-chart = Second by second
link-chart-hint = lower is better
link-chart-empty = The chart appears with the first packets.
link-chart-said = Delay there and back, second by second: { $times } ms. { $lost ->
    [0] Nothing was lost.
    [one] Packets were lost in { $lost } second.
   *[other] Packets were lost in { $lost } seconds.
}
link-key-delay = delay there and back
link-key-slow = slower than { $ms } ms
link-key-lost = lost packets
link-unit-ms = { $n } ms
link-unit-s = { $n } s
link-unit-percent = { $n }%

link-dial = Call quality: { $word }, { $mos } of 4.5
link-dial-hint = from 1 (no talking) to 4.5 (like side by side)
link-dial-said = Scale of quality from 1 to 4.5. The needle is at { $mos }, in the part “{ $word }”.
link-band-impossible = bad
link-band-breaks-up = poor
link-band-heard = fair
link-band-good = good

link-nums = In figures
link-nums-what = What we measured
link-nums-result = Result
link-nums-good-if = Good if
link-nums-mark = Mark
link-num-delay = Delay one way
link-num-jitter-up = Jitter, from you
link-num-jitter-down = Jitter, to you
link-num-lost-up = Lost packets, from you
link-num-lost-down = Lost packets, to you
link-num-late-up = Late packets, from you
link-num-late-down = Late packets, to you
link-num-gap = Longest gap
link-num-web = Delay there and back, the way of web pages
link-below = below { $limit }
link-mark-ok = good
link-mark-warn = too much
link-more = Details for support

link-said-good = This line is good for calls
link-said-heard = Calls will work, but now and then you will hear disturbances
link-said-breaks-up = Calls on this line will break up
link-said-impossible = This line can't carry a call
link-said-blocked = This network does not let calls through, although pages open
link-said-not-measured = The line could not be measured

link-why-good = Packets arrive in time both ways. If calls fail all the same, the cause is elsewhere.
link-why-loss-up = Voice from you gets lost on the way ({ $percent }% of packets): the other side hears gaps.
link-why-loss-down = Voice to you gets lost on the way ({ $percent }% of packets): you hear gaps.
link-why-late-up = Voice from you comes unevenly, up to { $ms } ms late: the other side hears gaps.
link-why-late-down = Voice to you comes unevenly, up to { $ms } ms late: you hear gaps.
link-why-delay = Voice takes { $ms } ms one way: people talk into each other's words.
link-why-crowded = The line is full: packets wait in a queue behind other traffic.
link-why-no-channel = The connection opens, but hardly anything gets through it.
link-why-blocked = UDP traffic, which carries the voice, is blocked. The receiver stays silent, or the call does not connect at all.
link-why-no-webrtc = This browser has no WebRTC, or it is switched off, so it can't send traffic like that of a call.
link-why-no-media = The portal has no room to measure a call at the moment. Only the delay of pages was measured.
link-why-hidden = The tab with the test left the screen; the browser slows down then, and the result means nothing.
link-why-asleep = The computer went to sleep, or the browser stood still during the test.
link-why-broken-off = The connection broke during the test.

link-note-approximate = Packets waited in the browser, so the figures are approximate, rather too high.
link-note-busy = The computer was busy and sent unevenly. Repeat the test when it has less to do.
link-note-gap = There was a gap of more than a fifth of a second: enough to lose a syllable.
link-note-wireless = The delay jumps although the line is fast. Wi-Fi often behaves like this.

link-do = What you can do now
link-do-good = Look further in the device: the phone's settings, the handset, the microphone.
link-do-on-the-phone = If the phone is in another network, repeat the test there.
link-do-no-mobile = Connect by Wi-Fi or by cable and repeat the test.
link-do-cable = Connect the phone or computer by cable instead of Wi-Fi and repeat the test.
link-do-downloads = Stop large downloads and films while you make a call.
link-do-other-line = Run the test on another line, such as the internet of a mobile, and compare.
link-do-firewall = Ask the network's administrator to let UDP traffic to the ports of calls through the firewall.
link-do-vpn = Switch off the VPN for a try and repeat the test.
link-do-browser = Run the test in Chrome, Firefox, Edge or Safari.
link-do-later = Try again in a few minutes.
link-do-stay = Repeat the test and stay on this tab until the end.
link-do-again = Repeat the test.

link-row-cause = What it means
link-row-quality = Quality
link-row-up = From the customer to us
link-row-down = From us to the customer
link-row-trip = There and back
link-row-web = There and back, WebSocket
link-row-nat = Router
link-row-connection = Connection
link-row-note = Note
link-value-quality = MOS { $mos }, R { $r } (G.711); MOS { $other } (G.729A)
link-value-way = lost { $lost }%, late { $late }%, jitter { $jitter } ms (RFC 3550: { $rfc } ms), longest gap { $gap } s, out of order { $reordered }, doubled { $doubled }, { $received } of { $sent } arrived
link-value-trip = { $usual } ms, least { $least } ms, 95% below { $slow } ms, most { $most } ms
link-nat-keeps = keeps one port outside
link-nat-changes = gives each connection another port outside
link-runs = Tests of this visit
link-runs-hint = Only you see them, in this tab.
link-run-when = When
link-run-how = Connection
link-run-said = Result
link-run-mos = Quality

link-call = Hear yourself
link-call-lead = Call our echo: say a few words, and a second and a half later you hear them as they arrive at the other side. Best with headphones.
link-call-start = Call the echo
link-call-stop = End the call
link-call-allow = Allow the microphone for this page
link-call-ringing = Connecting the call
link-call-talk = Speak. You hear yourself with a delay.
link-call-left = { $seconds ->
    [0] Almost over
    [one] { $seconds } second left
   *[other] { $seconds } seconds left
}
link-call-over = The call is over. A clear voice means a good line. Gaps and crackling: run the test above, it shows their cause.
link-call-nothing-kept = Your voice goes to us and back. We record nothing.
guide-check-link = Measure the line

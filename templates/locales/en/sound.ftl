# The sound check.

check-sound = Sound check
sound-title = Sound check
sound-ask = Do the microphone and the headset work?
sound-lead = See whether you can be heard, listen to your own recording, and check both ears.
sound-without-script = This check needs JavaScript, which is switched off in this browser.
sound-without-apps = Record yourself in another program, such as a voice recorder, and listen to it.
sound-without-headset = Connect another headset or another phone and call again.
sound-without-line = Ask the other side what they hear: silence, gaps or crackling. Silence points to the microphone, gaps to the line.
sound-microphone = Microphone
sound-microphone-lead = Press the button, allow the microphone for this page, and speak for some seconds as you would into the receiver.
sound-listen = Check the microphone
sound-stop-listening = Switch the microphone off
sound-device = Microphone in use
sound-level = Level of your voice
sound-asking = The browser asks about the microphone. Choose “Allow”.
sound-listening = Speak. We are listening.
sound-insecure = Browsers give the microphone only to pages with an https address.
sound-result-good = The microphone works and you can be heard well
sound-microphone-advice-good = If others still can't hear you, check the line and the settings of the phone or app.
sound-result-quiet = The microphone works, but you can hardly be heard
sound-microphone-advice-quiet = Speak closer to the microphone and turn its volume up in the system's settings.
sound-result-silent = The microphone is on, but nothing can be heard from it
sound-microphone-advice-silent = Look for a mute switch on the cable and in the system, and whether the right microphone is chosen.
sound-result-clipped = The microphone is too loud and distorts your voice
sound-microphone-advice-clipped = Move the microphone away from your mouth or turn its volume down in the system's settings. The other side hears crackling.
sound-result-denied = The page was not allowed to use the microphone
sound-microphone-advice-denied = Click the icon before the page's address, allow the microphone, and try again. In a company an administrator may have blocked it.
sound-result-none = The browser sees no microphone
sound-microphone-advice-none = Connect the headset again, best to another socket, and try again.
sound-result-busy = Another program is using the microphone
sound-microphone-advice-busy = End calls in other programs and try again.
sound-record-lead = Record five seconds and listen to what the other side hears.
sound-record = Record 5 seconds
sound-play = Play the recording
sound-left = { $seconds ->
    [0] Recorded
    [one] Recording, { $seconds } second left
   *[other] Recording, { $seconds } seconds left
}
sound-recorded = Recorded. It is only in this tab.
sound-playing = Playing
sound-speakers = Headphones or speakers
sound-speakers-lead = Play the tone on the left and on the right, one after the other.
sound-output = Playing on: { $device }
sound-tone-left = Tone on the left
sound-tone-right = Tone on the right
sound-heard = What do you hear?
sound-heard-both = both tones, each on its side
sound-heard-left = only the left one
sound-heard-right = only the right one
sound-heard-swapped = both, but the sides are swapped
sound-heard-none = nothing
sound-result-both = The tone can be heard on both sides
sound-result-left = The tone can be heard only on the left
sound-result-right = The tone can be heard only on the right
sound-result-swapped = Left and right are swapped
sound-result-no-tone = The test tone can't be heard
sound-result-all-good = The microphone works, and the tone can be heard on both sides
sound-send-lead = You can keep the result, to attach it to a report. We keep only the sentence about the microphone and your answer, no sound and no names of devices.
sound-send = Keep the result
sound-private = The sound stays in the browser
sound-private-text = We send it nowhere. The recording is gone when you close this page.
sound-same-device = The check is about the device on which you see this page. It can't check the phone on the desk.
sound-line-test = Check the line, too
guide-check-sound = Check the microphone and the headset

# The address check: whether the visitor's address is blocked, and what to do about it.

check-address = IP address
address-title = Is your address blocked?
address-result-not-blocked = The address { $ip } is not blocked
address-result-lifted = The address { $ip } is not blocked any more, the block was lifted: { $at }
address-result-blocked = The address { $ip } is blocked
address-result-blocked-until = The address { $ip } is blocked until { $until }
address-result-not-public = We see only the inner address { $ip }
address-result-unknown = Your address is { $ip }. We can’t find out now whether it is blocked
address-ip = Address
address-kind = Kind
address-kind-public = { $family }, public
address-kind-private = { $family }, of a home or office network
address-kind-shared = { $family }, shared by many customers of a provider
address-kind-local = { $family }, within one device or cable only
address-block = The block covers
address-reason = Reason
address-since = Since
address-until = Until
address-reason-wrong-password = many sign-ins with a wrong password
address-reason-scanning = somebody has looked for weak points of our network from there
address-reason-abuse = abuse from this address
address-reason-other = another one, a technician will look it up

address-not-blocked-text = Our network lets your devices in. If a phone does not log in, the cause lies elsewhere: in the password, the settings or the internet line.
address-lifted-text = Our servers hear of it within some minutes as a rule. Then restart the phone or app and look at the lamp beside the account. If some device still has a wrong password, the block will come back.
address-blocked-text = No phone and no app behind this address can log in with us, those with the right settings included.
address-unknown-text = Try again in a moment, or report the address to us: we will see whether it is blocked.
address-not-public-private = Devices in a home or office network have such addresses. This page and our server are in one network, so your public address can’t be seen from here. Open the page over the internet.
address-not-public-shared = Internet providers use such addresses within their own network. Your public address is another one and can’t be seen from here. Your provider can tell you which.
address-not-public-local = Such an address works within one device or cable only. Your public address can’t be seen from here. Open the page over the internet.
address-guide = Go to the guide: { $guide }

address-first-steps = Find the cause first
address-first-text = Mostly it is a wrong password in one of several devices.
address-first-check-devices = Look through every place that has an account of ours: desk phones, apps on mobiles and computers, a gateway, a door phone, the old phone in a drawer.
address-first-retype-password = Type the SIP account’s password there again. It is not the password of the customer panel.
address-first-turn-off = Turn off a device that you can’t check. Otherwise the block will come back.
address-lift = The passwords are right now, lift the block
address-lift-hint = You lift it only from the address that you open this page from: { $ip }.
address-lift-later = The block of this address can be lifted again from: { $at }
address-lift-later-text = It was lifted today already and came back, so some device still has a wrong password. If you can’t find it, report it to us.
address-staff-only = A technician of ours has to lift this block
address-staff-only-text = Send a report. We will attach this result to it, and a technician will find out where the block came from.
address-report = Report the blocked address
address-report-unknown = Report this address to be looked up

address-aside = Hints
address-network = Is it the same network?
address-network-text = The phone or app with the problem must be in the same network as this device, for example in the same Wi-Fi. Turn mobile data and VPN off here for a moment and open the page again.
address-family = IPv4 and IPv6
address-family-4 = You open this page over IPv4. If your network has IPv6 too, the phone may connect from that address. It can’t be seen from here, so we don’t know whether it is blocked.
address-family-6 = You open this page over IPv6. As a rule your network has an IPv4 address too, and phones mostly use that one. It can’t be seen from here, so we don’t know whether it is blocked.

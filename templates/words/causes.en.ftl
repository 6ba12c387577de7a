# What SIP codes mean, in plain words for staff. See src/causes.rs.

sip-401 = The server asks for a password; if that is the last word, the login or the password is wrong
sip-402 = No credit left, or the service is suspended
sip-403 = Forbidden: a blocked destination, IP address or caller ID, or a limit
sip-404 = No such number, or it was dialled wrong
sip-407 = The exchange asks for a password; if that is the last word, the login or the password is wrong
sip-408 = The other side or a server did not answer in time
sip-410 = The number has changed or is switched off
sip-420 = The device wants a feature that the other side does not know
sip-480 = Unavailable now: logged out, switched off or “do not disturb”
sip-481 = The call was lost on the way, often by a router or NAT
sip-482 = A loop of redirections
sip-483 = Too many redirections on the way
sip-484 = The number is too short or not complete
sip-486 = Busy, which is no fault
sip-487 = The caller hung up before it was answered
sip-488 = The phones did not agree on sound: codec or encryption
sip-500 = An error on the network’s side
sip-501 = The other side does not know this feature
sip-502 = The network of the called side does not work well
sip-503 = Service unavailable, or no free lines
sip-504 = A network further on did not answer in time
sip-600 = Busy on every device
sip-603 = Declined by hand or by a filter
sip-604 = No such number anywhere
sip-606 = The phones did not agree on sound: codec or encryption

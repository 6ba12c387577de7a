# What moves by itself at the desk, and its keys.

keys-title = Keyboard shortcuts
keys-on = Single-key shortcuts are on
keys-close = Close
keys-ticket = Ticket
keys-everywhere = Everywhere
keys-move = down, up
keys-open = open the ticket
keys-select = select
keys-range = select up to here
keys-clear = clear the selection
keys-take-selected = take what is selected
keys-take = take
keys-next = take next
keys-new = show the new ones
keys-reply = reply to the customer
keys-note = internal note
keys-send = send what you are writing
keys-resolve = resolved
keys-wait = wait for an explanation
keys-copy = copy the call's details
keys-up = back to the queue
keys-search = search
keys-leave = leave the field
keys-help = this list

here-viewing = { $name } is viewing
here-writing = { $name } is writing

live-lost = The connection is lost. What you see may be out of date
live-over = Your session is over.
queue-new = { $count } new, show
queue-clear = Clear
looking-viewing = Viewing: { $names }
looking-writing = Writing: { $names }
queue-chosen = Selected:
keys-open-short = open
keys-all = all shortcuts
keys-bulk = assign, status, note, merge
keys-undo = undo

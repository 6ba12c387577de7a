# Keyboard shortcuts and live updates of the staff pages.

shortcut-title = Keyboard shortcuts
shortcut-on = Single-key shortcuts are on
shortcut-close = Close
shortcut-ticket = Ticket
shortcut-everywhere = Everywhere
shortcut-move = down, up
shortcut-open = open the ticket
shortcut-select = select
shortcut-range = select up to here
shortcut-clear = clear the selection
shortcut-take-selected = take what is selected
shortcut-take = take
shortcut-next = take next
shortcut-new = show the new ones
shortcut-reply = reply to the customer
shortcut-note = internal note
shortcut-send = send what you are writing
shortcut-resolve = resolved
shortcut-wait = put on hold
shortcut-copy = copy the call's details
shortcut-up = back to the queue
shortcut-search = search
shortcut-leave = leave the field
shortcut-help = this list

presence-viewing = { $name } is viewing
presence-writing = { $name } is writing

live-lost = The connection is lost. What you see may be out of date
live-session-ended = Your session is over.
queue-new = { $count } new, show
queue-clear-selection = Clear
viewers-viewing = Viewing: { $names }
viewers-writing = Writing: { $names }
queue-selected-count = Selected:
shortcut-open-short = open
shortcut-all = all shortcuts
shortcut-bulk = assign, status, note, merge
shortcut-undo = undo

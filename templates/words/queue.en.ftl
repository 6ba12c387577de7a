# The queue.

queue-previous = Previous page
queue-select = Select { $reference }
queue-select-all = Select all on this page
queue-selected = Selected tickets
col-select = Selection

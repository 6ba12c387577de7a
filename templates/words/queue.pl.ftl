# The queue.

queue-previous = Poprzednia strona
queue-select = Zaznacz { $reference }
queue-select-all = Zaznacz wszystkie na stronie
queue-selected = Zaznaczone zgłoszenia
col-select = Wybór

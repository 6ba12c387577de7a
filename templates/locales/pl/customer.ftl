# The customer's page of a ticket, and the forms on it.

customer-lookup-title = Sprawdź zgłoszenie
customer-lookup-lead = Masz od nas e-mail? Otwórz link, który w nim jest. Bez niego wpisz numer zgłoszenia i kod dostępu: są na stronie, która pokazała się po wysłaniu zgłoszenia, i w jej adresie.
customer-reference = Numer zgłoszenia
customer-reference-hint = Na przykład DZ-7K3M9-Q2XWG.
customer-access-key = Kod dostępu
customer-access-key-hint = 26 liter i cyfr. Kreski i wielkość liter nie mają znaczenia.
customer-access-key-missing = Wpisz kod dostępu. Jest na stronie zgłoszenia, pod numerem
customer-lookup-button = Pokaż zgłoszenie
customer-lookup-failed = Nie możemy pokazać tego zgłoszenia
customer-lookup-refused = Numer zgłoszenia i kod dostępu do siebie nie pasują albo link wygasł. Sprawdź oba lub poproś niżej o nowy link

customer-heading = Zgłoszenie
customer-last-change = ostatnia zmiana:
customer-status-new = Przyjęte
customer-status-open = Sprawdzamy
customer-status-duplicate = Sprawdzamy
customer-status-waiting = Czekamy na wyjaśnienie
customer-status-resolved = Rozwiązane
customer-status-spam = Przyjęte
customer-next = Co będzie dalej
customer-next-new = { $hours ->
    [one] Zgłoszenie jest w kolejce. Technik zajmie się nim w ciągu { $hours } godziny pracy. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
   *[other] Zgłoszenie jest w kolejce. Technik zajmie się nim w ciągu { $hours } godzin pracy. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
}
customer-next-open = Technik zajmuje się Twoim zgłoszeniem. Gdy będzie wiedział więcej, napisze na tej stronie. Nie musisz nic robić.
customer-next-waiting = Czekamy na odpowiedź innego operatora albo na wynik próby. Gdy ją dostaniemy, napiszemy tutaj.
customer-next-waiting-customer = Czekamy na informację od Ciebie. O co pytamy, jest niżej, w przebiegu. Odpowiedz na tej stronie.
customer-next-waiting-carrier = Czekamy na odpowiedź innego operatora. Gdy ją dostaniemy, napiszemy tutaj.
customer-next-new-by = Zgłoszenie jest w kolejce. Odpowiemy { $by }. Nie musisz nic robić.
customer-next-open-by = Technik sprawdza Twoje zgłoszenie. Odpowiemy { $by }. Nie musisz nic robić.
customer-next-late = Przepraszamy, trwa to dłużej: odpowiedź miała być do { $moment }. Zgłoszenie nie zginęło i jest na początku kolejki. Jeśli to pilne, zadzwoń.
customer-next-detail-requested = Czekamy na Twoją odpowiedź na pytanie powyżej. Gdy przyjdzie, technik od razu wróci do sprawy.
customer-next-until = { $text } Wrócimy do tego { $by }, także bez nowych wiadomości.
customer-next-closed = To zgłoszenie jest zamknięte. Jeśli coś znowu nie działa, wyślij nowe zgłoszenie: po starym nie ma już śladu do sprawdzenia.
customer-merged-text = Rozpatrujemy je razem z innym zgłoszeniem tej samej usterki. Odpowiedzi, które dotyczą obu, są też na tej stronie.
customer-next-resolved = Problem jest rozwiązany. Jeśli wróci, napisz niżej, a wrócimy do sprawy.
customer-new-report = Wyślij nowe zgłoszenie
customer-timeline = Przebieg
customer-timeline-opened = Zgłoszenie przyjęte
customer-timeline-resubmitted = Formularz przyszedł drugi raz, nowe dane są dopisane
customer-timeline-assigned = Technik zajął się zgłoszeniem
customer-timeline-merged = Połączone z innym zgłoszeniem tej samej usterki
customer-timeline-replied = Odpowiedź
customer-timeline-resolved = Rozwiązane
customer-timeline-reopened = Otwarte ponownie
customer-timeline-upcoming = Odpowiedź z wynikiem
customer-by = { $name }, dział techniczny
customer-to-you = pisze do Ciebie
customer-reported = Co jest w zgłoszeniu
customer-category = Problem
customer-caller = Kto dzwonił
customer-callee = Na numer
customer-when = Kiedy
customer-precision-exact = godzina dokładna
customer-precision-5min = z dokładnością do 5 minut
customer-precision-30min = z dokładnością do pół godziny
customer-billing = W historii połączeń
customer-error = Komunikat
customer-contact = Kontakt
customer-not-given = nie podano
customer-typed = wpisano: { $text }
customer-answers = Twoje odpowiedzi w poradniku
customer-bookmark = Zachowaj tę stronę
customer-bookmark-text = Dodaj ją do zakładek albo zapisz numer i kod. Kto ma kod, widzi zgłoszenie, więc nie udostępniaj go publicznie.
customer-confirm-fixed = Już działa
customer-still-broken = Nadal nie działa
customer-still-broken-title = Nadal nie działa?
customer-write-title = Napisz do nas
customer-write = Co się zmieniło albo co warto wiedzieć?
customer-write-hint = Technik przeczyta to razem ze zgłoszeniem.
customer-write-missing = Napisz coś, zanim wyślesz
customer-send = Wyślij wiadomość
customer-example = Dodaj przykład połączenia
customer-examples = Kolejne przykłady
customer-you = Ty
customer-back = Wróć do zgłoszenia
customer-unsent-text = To zostało z Twojego formularza:
customer-question = Mamy jedno pytanie
customer-question-about = Żeby znaleźć Twoje połączenie, potrzebujemy jeszcze jednej informacji: { $detail }.
customer-question-answer = Odpowiedz
customer-details-complete = Mamy wszystko, co potrzebne
customer-details-incomplete = Trudno będzie znaleźć to połączenie
customer-details-missing = Brakujące dane: { $missing }.
customer-timeline-request-withdrawn = Pytanie jest nieaktualne: { $detail }
customer-timeline-detail-requested = Pytanie do Ciebie: { $detail }
customer-timeline-detail-provided = Uzupełnione, { $detail }: { $value }
customer-timeline-message = Twoja wiadomość
customer-timeline-confirmed-fixed = Piszesz, że już działa
customer-timeline-still-broken = Piszesz, że nadal nie działa
customer-timeline-example-added = Kolejny przykład połączenia
customer-timeline-access-key-rotated = Nowy link do tej strony
customer-timeline-access-link-requested = Link wysłany na Twój e-mail
customer-flash-message = Dziękujemy, wiadomość jest w zgłoszeniu.
customer-flash-confirmed-fixed = Dziękujemy, zapisaliśmy, że już działa.
customer-flash-still-broken = Zapisaliśmy, że nadal nie działa. Technik wróci do sprawy.
customer-flash-example = Dziękujemy, przykład jest w zgłoszeniu.
customer-flash-answer = Dziękujemy, odpowiedź jest w zgłoszeniu.
customer-flash-access-key-rotated = To jest nowy link. Stary już nie działa, więc zapisz ten.
customer-flash-closed = To zgłoszenie jest już zamknięte i nie przyjmuje wiadomości. Wyślij nowe zgłoszenie.
customer-access-link-until = Link działa do { $date }.
customer-qr-code = Otwórz na innym urządzeniu
customer-qr-code-text = Skieruj na obrazek aparat telefonu. Otworzy tę samą stronę.
customer-qr-code-label = Kod QR z adresem tej strony
customer-rotate-key = Ktoś obcy zna ten link?
customer-rotate-key-text = Zrób nowy. Stary link i stary kod od razu przestaną działać.
customer-rotate-key-button = Zrób nowy link

## Answering a question

answer-caller = Kto dzwonił?
answer-callee = Na jaki numer?
answer-time = O której dokładnie?
answer-message = Jaki był komunikat lub kod błędu?
answer-lead = Odpowiedz na to jedno pytanie, a pójdziemy dalej ze zgłoszeniem
answer-known = Teraz w zgłoszeniu: { $value }
answer-send = Wyślij odpowiedź
answer-closed = Na to pytanie nie trzeba już odpowiadać
answer-closed-text = Mamy już tę odpowiedź albo nie jest potrzebna. Dziękujemy.
answer-withdrawn = Wycofaliśmy to pytanie, nie musisz nic robić. Przepraszamy za kłopot.
answer-closed-resolved = Zgłoszenie jest rozwiązane, więc ta odpowiedź nie jest już potrzebna. Dziękujemy.
answer-conflict = To pytanie jest już zamknięte
answer-conflict-text = Ktoś odpowiedział przed chwilą. Jeśli Twoja odpowiedź jest inna, wyślij ją jako wiadomość: nic nie zginie.
answer-conflict-message = Twoja odpowiedź
report-error_text-missing = Wpisz treść komunikatu albo kod

## Another example of a call

example-title = Dodaj przykład połączenia
example-lead = Jeszcze jedna nieudana próba pomaga znaleźć przyczynę. Dopiszemy ją do zgłoszenia
example-send = Dodaj przykład
example-limit-reached = W zgłoszeniu jest już wiele przykładów, więcej nie potrzebujemy. Jeśli ten jest inny, napisz wiadomość.

## Requesting a lost link

access-link-lookup-title = Nie masz linku?
access-link-lookup-lead = Podaj numer zgłoszenia i e-mail, który w nim jest. Wyślemy link na ten adres.
access-link-lookup-email-hint = Ten sam co w zgłoszeniu.
access-link-lookup-send = Wyślij mi link
access-link-lookup-sent-title = Sprawdź pocztę
access-link-lookup-sent-text = Jeśli ten numer i ten e-mail do siebie pasują, link jest w drodze. Nie ma go po kilku minutach? Zajrzyj do folderu ze spamem. Na tę samą skrzynkę wysyłamy link najwyżej co 10 minut.

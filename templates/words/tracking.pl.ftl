# The customer's page of a ticket, and everything that can be added there.

track-title = Sprawdź zgłoszenie
track-lead = Masz od nas e-mail? Otwórz link, który w nim jest. Bez niego wpisz numer zgłoszenia i kod dostępu: są na stronie, która pokazała się po wysłaniu zgłoszenia, i w jej adresie.
track-reference = Numer zgłoszenia
track-reference-hint = Na przykład DZ-7K3M9-Q2XWG.
track-key = Kod dostępu
track-key-hint = 26 liter i cyfr. Kreski i wielkość liter nie mają znaczenia.
track-key-missing = Wpisz kod dostępu. Jest na stronie zgłoszenia, pod numerem
track-open = Pokaż zgłoszenie
track-not-found = Nie możemy pokazać tego zgłoszenia
track-refused = Numer zgłoszenia i kod dostępu do siebie nie pasują albo link wygasł. Sprawdź oba lub poproś niżej o nowy link

track-heading = Zgłoszenie
track-as-of = ostatnia zmiana:
track-status-new = Przyjęte
track-status-open = Sprawdzamy
track-status-duplicate = Sprawdzamy
track-status-waiting = Czekamy na wyjaśnienie
track-status-resolved = Rozwiązane
track-status-spam = Przyjęte
track-next = Co będzie dalej
track-next-new = { $hours ->
    [one] Zgłoszenie jest w kolejce. Technik zajmie się nim w ciągu { $hours } godziny pracy. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
   *[other] Zgłoszenie jest w kolejce. Technik zajmie się nim w ciągu { $hours } godzin pracy. Odpowiedź pojawi się na tej stronie. Nie musisz nic robić.
}
track-next-open = Technik zajmuje się Twoim zgłoszeniem. Gdy będzie wiedział więcej, napisze na tej stronie. Nie musisz nic robić.
track-next-waiting = Czekamy na odpowiedź operatora albo na wynik próby. Gdy ją dostaniemy, napiszemy tutaj.
track-next-waiting-you = Czekamy na informację od Ciebie. O co pytamy, jest niżej, w przebiegu. Odpowiedz na tej stronie.
track-next-waiting-carrier = Czekamy na odpowiedź operatora. Gdy ją dostaniemy, napiszemy tutaj.
track-next-new-by = Zgłoszenie jest w kolejce. Odpowiemy { $by }. Nie musisz nic robić.
track-next-open-by = Technik sprawdza Twoje zgłoszenie. Odpowiemy { $by }. Nie musisz nic robić.
track-next-late = Przepraszamy, trwa to dłużej: odpowiedź miała być do { $moment }. Zgłoszenie nie zginęło i jest na początku kolejki. Jeśli to pilne, zadzwoń.
track-next-asked = Czekamy na Twoją odpowiedź na pytanie powyżej. Gdy przyjdzie, technik od razu wróci do sprawy.
track-next-until = { $told } Wrócimy do tego { $by }, także bez nowych wiadomości.
track-next-closed = To zgłoszenie jest zamknięte. Jeśli coś znowu nie działa, wyślij nowe zgłoszenie: po starym nie ma już śladu do sprawdzenia.
track-together = Rozpatrujemy je razem z innym zgłoszeniem tej samej usterki. Odpowiedzi, które dotyczą obu, są też na tej stronie.
track-next-resolved = Problem jest rozwiązany. Jeśli wróci, napisz niżej, a wrócimy do sprawy.
track-again = Wyślij nowe zgłoszenie
track-course = Przebieg
track-course-opened = Zgłoszenie przyjęte
track-course-sent-again = Formularz przyszedł drugi raz, nowe dane są dopisane
track-course-taken = Technik zajął się zgłoszeniem
track-course-merged = Połączone z innym zgłoszeniem tej samej usterki
track-course-replied = Odpowiedź
track-course-resolved = Rozwiązane
track-course-reopened = Otwarte ponownie
track-course-later = Odpowiedź z wynikiem
track-by = { $name }, dział techniczny
track-to-you = pisze do Ciebie
track-reported = Co jest w zgłoszeniu
track-category = Problem
track-caller = Kto dzwonił
track-callee = Na numer
track-when = Kiedy
track-precision-exact = godzina dokładna
track-precision-5min = z dokładnością do 5 minut
track-precision-30min = z dokładnością do pół godziny
track-billing = W historii połączeń
track-error = Komunikat
track-contact = Kontakt
track-none = nie podano
track-typed = wpisano: { $text }
track-answers = Twoje odpowiedzi w poradniku
track-keep = Zachowaj tę stronę
track-keep-text = Dodaj ją do zakładek albo zapisz numer i kod. Kto ma kod, widzi zgłoszenie, więc nie udostępniaj go publicznie.
track-works = Już działa
track-fails = Nadal nie działa
track-fails-title = Nadal nie działa?
track-write-title = Napisz do nas
track-write = Co się zmieniło albo co warto wiedzieć?
track-write-hint = Technik przeczyta to razem ze zgłoszeniem.
track-write-missing = Napisz coś, zanim wyślesz
track-send = Wyślij wiadomość
track-example = Dodaj przykład połączenia
track-examples = Kolejne przykłady
track-you = Ty
track-back = Wróć do zgłoszenia
track-kept = To zostało z Twojego formularza:
track-question = Mamy jedno pytanie
track-question-about = Żeby znaleźć Twoje połączenie, potrzebujemy jeszcze jednej informacji: { $piece }.
track-question-answer = Odpowiedz
track-findable = Mamy wszystko, co potrzebne
track-not-findable = Trudno będzie znaleźć to połączenie
track-missing = Brakujące dane: { $missing }.
track-course-took-back = Pytanie jest nieaktualne: { $piece }
track-course-asked = Pytanie do Ciebie: { $piece }
track-course-filled = Uzupełnione, { $piece }: { $value }
track-course-wrote = Twoja wiadomość
track-course-works = Piszesz, że już działa
track-course-fails = Piszesz, że nadal nie działa
track-course-example = Kolejny przykład połączenia
track-course-rekeyed = Nowy link do tej strony
track-course-link = Link wysłany na Twój e-mail
track-said-message = Dziękujemy, wiadomość jest w zgłoszeniu.
track-said-works = Dziękujemy, zapisaliśmy, że już działa.
track-said-fails = Zapisaliśmy, że nadal nie działa. Technik wróci do sprawy.
track-said-example = Dziękujemy, przykład jest w zgłoszeniu.
track-said-answer = Dziękujemy, odpowiedź jest w zgłoszeniu.
track-said-link = To jest nowy link. Stary już nie działa, więc zapisz ten.
track-said-closed = To zgłoszenie jest już zamknięte i nie przyjmuje wiadomości. Wyślij nowe zgłoszenie.
track-link-until = Link działa do { $date }.
track-picture = Otwórz na innym urządzeniu
track-picture-text = Skieruj na obrazek aparat telefonu. Otworzy tę samą stronę.
track-picture-label = Kod QR z adresem tej strony
track-rekey = Ktoś obcy zna ten link?
track-rekey-text = Zrób nowy. Stary link i stary kod od razu przestaną działać.
track-rekey-button = Zrób nowy link

## One question

answer-caller = Kto dzwonił?
answer-callee = Na jaki numer?
answer-time = O której dokładnie?
answer-message = Jaki był komunikat lub kod błędu?
answer-lead = Odpowiedz na to jedno pytanie, a pójdziemy dalej ze zgłoszeniem
answer-known = Teraz w zgłoszeniu: { $value }
answer-send = Wyślij odpowiedź
answer-closed = Na to pytanie nie trzeba już odpowiadać
answer-closed-text = Mamy już tę odpowiedź albo nie jest potrzebna. Dziękujemy.
answer-taken-back = Wycofaliśmy to pytanie, nie musisz nic robić. Przepraszamy za kłopot.
answer-closed-over = Zgłoszenie jest rozwiązane, więc ta odpowiedź nie jest już potrzebna. Dziękujemy.
answer-late = To pytanie jest już zamknięte
answer-late-text = Ktoś odpowiedział przed chwilą. Jeśli Twoja odpowiedź jest inna, wyślij ją jako wiadomość: nic nie zginie.
answer-late-message = Twoja odpowiedź
report-error_text-missing = Wpisz treść komunikatu albo kod

## Another call

example-title = Dodaj przykład połączenia
example-lead = Jeszcze jedna nieudana próba pomaga znaleźć przyczynę. Dopiszemy ją do zgłoszenia
example-send = Dodaj przykład
example-many = W zgłoszeniu jest już wiele przykładów, więcej nie potrzebujemy. Jeśli ten jest inny, napisz wiadomość.

## A lost link

lost-title = Nie masz linku?
lost-lead = Podaj numer zgłoszenia i e-mail, który w nim jest. Wyślemy link na ten adres.
lost-email-hint = Ten sam co w zgłoszeniu.
lost-send = Wyślij mi link
lost-sent-title = Sprawdź pocztę
lost-sent-text = Jeśli ten numer i ten e-mail do siebie pasują, link jest w drodze. Nie ma go po kilku minutach? Zajrzyj do folderu ze spamem. Na tę samą skrzynkę wysyłamy link najwyżej co 10 minut.

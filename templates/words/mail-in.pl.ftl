# Poczta przychodząca: co przyszło i co się z tym stało. Zobacz src/mail_in.

mail-title = Poczta przychodząca
desk-mail = Poczta
mail-kinds = Co się stało z wiadomościami
mail-all = Wszystkie
mail-fate-ticket = nowe zgłoszenie
mail-fate-message = odpowiedź
mail-fate-bounce = list wrócił
mail-fate-automatic = automat
mail-fate-loop = pętla
mail-fate-flood = zbyt wiele
mail-fate-unreadable = do obejrzenia
mail-counted = Liczby z ostatnich 30 dni.
mail-again-count = { $count ->
    [one] Jedna wiadomość przyszła jeszcze raz i policzyliśmy ją raz.
    [few] { $count } wiadomości przyszły jeszcze raz i policzyliśmy je raz.
   *[other] { $count } wiadomości przyszło jeszcze raz i policzyliśmy je raz.
}
mail-again = { $count ->
    [one] przyszła jeszcze raz
   *[other] przyszła jeszcze { $count } razy
}
mail-to-look-at = { $count ->
    [one] Jedna wiadomość czeka na obejrzenie
    [few] { $count } wiadomości czekają na obejrzenie
   *[other] { $count } wiadomości czeka na obejrzenie
}
mail-to-look-at-show = Pokaż
mail-none = Nic nie przyszło
mail-none-of-kind = Nie ma takich wiadomości
mail-none-text = Jak podłączyć pocztę, mówi README: „Mail in”.
mail-none-further = Dalej nic nie ma
mail-more = Wcześniejsze
mail-no-subject = (bez tematu)
mail-no-sender = nadawca nieznany
mail-done = obejrzane
mail-from = Od
mail-came = Przyszła
mail-files = Załączniki
mail-whole = Cała wiadomość
mail-download = Pobierz
mail-kept-whole = W całości, tak jak przyszła, z załącznikami. Trzymamy ją 30 dni, sam tekst dłużej.
mail-kept-beginning = To tylko jej początek: reszta była za długa albo nikomu niepotrzebna.
mail-kept-nothing = Załączników już nie ma: trzymamy je 30 dni.
mail-text = Treść
mail-no-text = Bez tekstu.
mail-quoted = Cytat
mail-make-ticket = Zrób z tego zgłoszenie
mail-set-done = Oznacz jako obejrzaną
mail-stranger = Inny adres niż w zgłoszeniu
mail-stranger-text = Nadawca zna nasz list, ale nie wiemy, czy to ten klient. Klient tej wiadomości nie widzi.
mail-bytes = { $count } B
mail-kilobytes = { $count } kB
mail-megabytes = { $size } MB
mail-why-new = Nie odpowiada na żaden nasz list.
mail-why-signed-address = Przyszła na adres zgłoszenia.
mail-why-letter = Odpowiada na nasz list.
mail-why-over = Odpowiada na list o zgłoszeniu, które jest już zamknięte.
mail-why-follower = Odpowiada na list o awarii, którą nadawca obserwuje.
mail-answers-ticket = Odpowiedź na list ze zgłoszenia { $reference }, które jest już zamknięte.
mail-answers-incident = Odpowiedź na list o awarii: { $title }
mail-why-by-hand = Zgłoszenie założone ręcznie.
mail-why-no-header = To nie jest wiadomość: nie ma nagłówków.
mail-why-no-sender = Nie ma adresu, na który można odpowiedzieć.
mail-why-same-id = Ma ten sam identyfikator co inna wiadomość, a inną treść.
mail-why-own-address = Wysłał ją nasz własny adres.
mail-why-own-letter = To nasz własny list.
mail-why-hops = Krąży między serwerami.
mail-why-report = Raport serwera lub programu pocztowego.
mail-why-auto = Odpowiedź automatyczna.
mail-why-precedence = Wysyłka masowa.
mail-why-no-return = Nadawca nie przyjmuje odpowiedzi.
mail-why-failed = Serwer adresata nie przyjął naszego listu.
mail-why-delayed = Serwer adresata jeszcze próbuje.
mail-why-too-many = Ten nadawca wysłał za dużo wiadomości w ciągu godziny.
mail-why-broken = Nie da się z niej nic odczytać.
mail-of-ticket = Poczta
mail-other-address = inny adres
settle-title = Odczytane z e-maila
settle-lead = Sprawdź, popraw i potwierdź. Puste pola mogą zostać puste.
settle-confirm = Potwierdź
settle-too-long = { $count ->
    [few] Komunikat ma { $count } znaki, zmieści się { $most }
   *[other] Komunikat ma { $count } znaków, zmieści się { $most }
}
settle-date = Dzień
settle-twice = W tę noc ta godzina była dwa razy. Podaj inną albo zostaw pole puste
settle-stale = Ktoś zmienił to zgłoszenie w międzyczasie. Zobacz je i potwierdź jeszcze raz

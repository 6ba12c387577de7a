# Inbound mail: messages and their disposition.

inbound-mail-title = E-maile przychodzące
desk-inbound-mail = E-maile przychodzące
inbound-mail-dispositions = Co się stało z wiadomościami
inbound-mail-all = Wszystkie
inbound-mail-disposition-ticket = nowe zgłoszenie
inbound-mail-disposition-message = odpowiedź
inbound-mail-disposition-bounce = nasz e-mail wrócił
inbound-mail-disposition-automatic = automat
inbound-mail-disposition-loop = pętla
inbound-mail-disposition-flood = zbyt wiele
inbound-mail-disposition-unreadable = do obejrzenia
inbound-mail-period = Liczby z ostatnich 30 dni.
inbound-mail-repeated-total = { $count ->
    [one] Jedna wiadomość przyszła jeszcze raz i policzyliśmy ją raz.
    [few] { $count } wiadomości przyszły jeszcze raz i policzyliśmy je raz.
   *[other] { $count } wiadomości przyszło jeszcze raz i policzyliśmy je raz.
}
inbound-mail-repeated = { $count ->
    [one] przyszła jeszcze raz
   *[other] przyszła jeszcze { $count } razy
}
inbound-mail-needs-review = { $count ->
    [one] Jedna wiadomość do obejrzenia
    [few] { $count } wiadomości do obejrzenia
   *[other] { $count } wiadomości do obejrzenia
}
inbound-mail-needs-review-show = Pokaż
inbound-mail-none = Nic nie przyszło
inbound-mail-none-of-kind = Nie ma takich wiadomości
inbound-mail-none-text = Jak podłączyć pocztę, opisuje docs/inbound-mail.md.
inbound-mail-none-further = Dalej nic nie ma
inbound-mail-more = Wcześniejsze
inbound-mail-no-subject = (bez tematu)
inbound-mail-no-sender = nadawca nieznany
inbound-mail-reviewed = obejrzane
inbound-mail-from = Od
inbound-mail-received = Przyszła
inbound-mail-attachments = Załączniki
inbound-mail-whole = Cała wiadomość
inbound-mail-download = Pobierz
inbound-mail-stored-whole = W całości, tak jak przyszła, z załącznikami. Trzymamy ją 30 dni, sam tekst dłużej.
inbound-mail-stored-beginning = To tylko jej początek: reszta była za długa albo nikomu niepotrzebna.
inbound-mail-stored-nothing = Załączników już nie ma: trzymamy je 30 dni.
inbound-mail-text = Treść
inbound-mail-no-text = Bez tekstu.
inbound-mail-quotation = Cytat
inbound-mail-make-ticket = Zrób z tego zgłoszenie
inbound-mail-mark-reviewed = Oznacz jako obejrzaną
inbound-mail-other-sender-title = Inny adres niż w zgłoszeniu
inbound-mail-other-sender-text = Nadawca zna nasz e-mail, ale nie wiemy, czy to ten klient. Klient tej wiadomości nie widzi.
inbound-mail-bytes = { $count } B
inbound-mail-kilobytes = { $count } kB
inbound-mail-megabytes = { $size } MB
inbound-mail-reason-new = Nie odpowiada na żaden nasz e-mail.
inbound-mail-reason-signed-address = Przyszła na adres zgłoszenia.
inbound-mail-reason-email = Odpowiada na nasz e-mail.
inbound-mail-reason-closed-ticket = Odpowiada na e-mail o zgłoszeniu, które jest już zamknięte.
inbound-mail-reason-subscriber = Odpowiada na e-mail o awarii, którą nadawca obserwuje.
inbound-mail-reply-to-ticket = Odpowiedź na e-mail ze zgłoszenia { $reference }, które jest już zamknięte.
inbound-mail-reply-to-incident = Odpowiedź na e-mail o awarii: { $title }
inbound-mail-reason-by-hand = Zgłoszenie założone ręcznie.
inbound-mail-reason-no-header = To nie jest wiadomość: nie ma nagłówków.
inbound-mail-reason-no-sender = Nie ma adresu, na który można odpowiedzieć.
inbound-mail-reason-same-id = Ma ten sam identyfikator co inna wiadomość, a inną treść.
inbound-mail-reason-own-address = Wysłał ją nasz własny adres.
inbound-mail-reason-own-email = To nasz własny e-mail.
inbound-mail-reason-hops = Krąży między serwerami.
inbound-mail-reason-report = Raport serwera lub programu pocztowego.
inbound-mail-reason-auto = Odpowiedź automatyczna.
inbound-mail-reason-precedence = Wysyłka masowa.
inbound-mail-reason-no-return = Nadawca nie przyjmuje odpowiedzi.
inbound-mail-reason-failed = Serwer adresata nie przyjął naszego e-maila.
inbound-mail-reason-delayed = Serwer adresata jeszcze próbuje.
inbound-mail-reason-too-many = Ten nadawca wysłał za dużo wiadomości w ciągu godziny.
inbound-mail-reason-unreadable = Nie da się z niej nic odczytać.
inbound-mail-of-ticket = E-maile przychodzące
inbound-mail-other-sender = inny adres
email-details-title = Odczytane z e-maila
email-details-lead = Sprawdź, popraw i potwierdź. Puste pola mogą zostać puste.
email-details-confirm = Potwierdź
email-details-too-long = { $count ->
    [few] Komunikat ma { $count } znaki, zmieści się { $most }
   *[other] Komunikat ma { $count } znaków, zmieści się { $most }
}
email-details-date = Dzień
email-details-ambiguous-time = W tę noc ta godzina była dwa razy. Podaj inną albo zostaw pole puste
email-details-conflict = Ktoś zmienił to zgłoszenie w międzyczasie. Zobacz je i potwierdź jeszcze raz

# The line test.

check-link = Test łącza
line-test-title = Test łącza
line-test-heading = Czy to łącze nadaje się do rozmów?
line-test-lead = Przez dziesięć sekund udajemy zwykłą rozmowę i liczymy, co się po drodze zgubi.
line-test-connection-question = Jak jest podłączone to urządzenie?
connection-cable = kablem
connection-wireless = przez Wi-Fi
connection-mobile = przez sieć komórkową
connection-unknown = nie wiem
line-test-start = Zacznij test
line-test-stop = Przerwij test
line-test-again = Powtórz test
line-test-same-line = Test mierzy łącze urządzenia, na którym oglądasz tę stronę. Wykonaj go w tej samej sieci, w której jest telefon z problemem.
line-test-privacy = Wysyłamy tylko puste pakiety próbne. Wynik trzymamy 30 dni pod losowym adresem.
line-test-before = Zanim zaczniesz
line-test-before-quiet = Zatrzymaj duże pobierania i filmy, chyba że chcesz sprawdzić łącze właśnie z nimi.
line-test-before-stay = Zostań na tej karcie do końca testu.

line-test-without-script = Ten test wymaga JavaScriptu, a w tej przeglądarce jest on wyłączony.
line-test-without-script-do = Bez niego możesz zrobić to:
line-test-without-media = Nie możemy teraz zmierzyć tego, co słychać w rozmowie. Zmierzymy tylko opóźnienie.
line-test-without-other-line = Podłącz telefon na próbę do innego łącza, na przykład do internetu z komórki. Jeśli tam działa, winne jest łącze.
line-test-without-address = Sprawdź swój adres
line-test-without-lamps = Zobacz, co mówi lampka przy koncie
line-test-without-report = Zgłoś problem bez testu

line-test-connecting = Łączymy się
line-test-measuring = Mierzymy łącze
line-test-fallback = Zwykła droga jest zamknięta. Mierzymy inną.
line-test-finishing = Liczymy wynik
line-test-progress = Postęp testu
line-test-seconds-left = { $seconds ->
    [0] Zaraz koniec
    [one] Jeszcze { $seconds } sekunda
    [few] Jeszcze { $seconds } sekundy
   *[many] Jeszcze { $seconds } sekund
}
line-test-stopped = Test został przerwany. Nic nie zapisaliśmy.
line-test-failed = Nie udało się wykonać testu
line-test-failed-network = Portal nie odpowiada. Sprawdź, czy inne strony się otwierają, i spróbuj jeszcze raz.
line-test-failed-offer = Z tą przeglądarką nie umiemy się połączyć. Spróbuj w Chrome lub Firefoksie.
line-test-failed-full = Wszystkie miejsca w teście są teraz zajęte. Spróbuj za minutę.
line-test-failed-many = Z tej sieci było już dużo testów. Odczekaj chwilę i spróbuj jeszcze raz.
line-test-failed-late = Ten test już się skończył. Zacznij nowy.
line-test-failed-microphone = Bez mikrofonu nie usłyszysz siebie. Pozwól tej stronie na mikrofon w ustawieniach przeglądarki i spróbuj jeszcze raz.
line-test-failed-no-microphone = Ta przeglądarka nie widzi żadnego mikrofonu.
line-test-failed-call = Nie udało się zestawić rozmowy próbnej. Wykonaj najpierw test łącza: powie, czy sieć przepuszcza rozmowy.

line-test-chart = Sekunda po sekundzie
line-test-chart-hint = im niżej, tym lepiej
line-test-chart-empty = Wykres pojawi się, gdy przyjdą pierwsze pakiety.
line-test-chart-description = Opóźnienie tam i z powrotem w kolejnych sekundach: { $times } ms. { $lost ->
    [0] Nic się nie zgubiło.
    [one] Zgubione pakiety w { $lost } sekundzie.
   *[other] Zgubione pakiety w { $lost } sekundach.
}
line-test-legend-delay = opóźnienie tam i z powrotem
line-test-legend-slow = wolniej niż { $ms } ms
line-test-legend-lost = zgubione pakiety
line-test-unit-ms = { $n } ms
line-test-unit-s = { $n } s
line-test-unit-percent = { $n }%

line-test-gauge = Jakość rozmowy: { $word }, { $mos } z 4,5
line-test-gauge-hint = od 1 (nie da się rozmawiać) do 4,5 (jak obok siebie)
line-test-gauge-description = Skala jakości od 1 do 4,5. Wskazówka na { $mos }, w części „{ $word }”.
line-test-band-bad = zła
line-test-band-poor = słaba
line-test-band-fair = znośna
line-test-band-good = dobra

line-test-figures = W liczbach
line-test-figures-name = Co zmierzyliśmy
line-test-figures-value = Wynik
line-test-figures-limit = Dobrze, gdy
line-test-figures-assessment = Ocena
line-test-figure-delay = Opóźnienie w jedną stronę
line-test-figure-jitter-up = Wahania opóźnienia, od Ciebie
line-test-figure-jitter-down = Wahania opóźnienia, do Ciebie
line-test-figure-lost-up = Zgubione pakiety, od Ciebie
line-test-figure-lost-down = Zgubione pakiety, do Ciebie
line-test-figure-late-up = Spóźnione pakiety, od Ciebie
line-test-figure-late-down = Spóźnione pakiety, do Ciebie
line-test-figure-gap = Najdłuższa przerwa
line-test-figure-websocket = Opóźnienie tam i z powrotem, drogą stron WWW
line-test-below = poniżej { $limit }
line-test-assessment-good = dobrze
line-test-assessment-acceptable = do przyjęcia
line-test-assessment-too-high = za dużo
line-test-details = Szczegóły dla pomocy technicznej

line-test-result-good = To łącze nadaje się do rozmów
line-test-result-impaired = Rozmowy będą działać, ale chwilami będzie słychać zakłócenia
line-test-result-breaks-up = Rozmowy na tym łączu będą się rwać
line-test-result-impossible = Na tym łączu nie da się rozmawiać
line-test-result-blocked = Ta sieć nie przepuszcza rozmów, choć strony się otwierają
line-test-result-not-measured = Nie udało się zmierzyć łącza

line-test-reason-good = Pakiety dochodzą na czas w obie strony. Jeśli rozmowy mimo to zawodzą, przyczyna jest gdzie indziej.
line-test-reason-loss-up = Głos od Ciebie gubi się po drodze ({ $percent }% pakietów): rozmówca słyszy przerwy.
line-test-reason-loss-down = Głos do Ciebie gubi się po drodze ({ $percent }% pakietów): słyszysz przerwy.
line-test-reason-late-up = Głos od Ciebie idzie nierówno, z opóźnieniem do { $ms } ms: rozmówca słyszy przerwy.
line-test-reason-late-down = Głos do Ciebie idzie nierówno, z opóźnieniem do { $ms } ms: słyszysz przerwy.
line-test-reason-delay = Głos idzie { $ms } ms w jedną stronę: rozmówcy wchodzą sobie w słowo.
line-test-reason-bufferbloat = Łącze jest zapchane: pakiety czekają w kolejce za innym ruchem.
line-test-reason-no-channel = Połączenie się otwiera, ale prawie nic przez nie nie przechodzi.
line-test-reason-blocked = Ruch UDP, którym idzie głos, jest zablokowany. W słuchawce będzie cisza albo rozmowa wcale się nie zestawi.
line-test-reason-no-webrtc = Ta przeglądarka nie ma WebRTC albo jest ono wyłączone, więc nie umie wysłać ruchu takiego jak w rozmowie.
line-test-reason-no-media = Portal nie ma teraz miejsca na pomiar rozmowy. Zmierzyliśmy tylko opóźnienie stron.
line-test-reason-hidden = Karta z testem zniknęła z ekranu, a wtedy przeglądarka zwalnia i wynik nic nie znaczy.
line-test-reason-suspended = Komputer zasnął albo przeglądarka się zatrzymała w czasie testu.
line-test-reason-disconnected = Połączenie urwało się w czasie testu.

line-test-note-approximate = Pakiety czekały w przeglądarce, więc liczby są przybliżone, raczej za wysokie.
line-test-note-busy = Komputer był zajęty i wysyłał nierówno. Powtórz test, gdy będzie miał mniej pracy.
line-test-note-gap = Była przerwa dłuższa niż jedna piąta sekundy: tyle wystarczy, żeby zginęła sylaba.
line-test-note-wireless = Opóźnienie skacze, choć łącze jest szybkie. Tak zwykle zachowuje się Wi-Fi.

line-test-advice = Co możesz zrobić teraz
line-test-advice-check-device = Szukaj dalej w urządzeniu: w ustawieniach telefonu, słuchawce, mikrofonie.
line-test-advice-phone-network = Jeśli telefon jest w innej sieci, powtórz test tam.
line-test-advice-no-mobile = Połącz się przez Wi-Fi albo kablem i powtórz test.
line-test-advice-cable = Podłącz telefon lub komputer kablem zamiast przez Wi-Fi i powtórz test.
line-test-advice-downloads = Na czas rozmowy zatrzymaj duże pobierania i filmy.
line-test-advice-other-line = Wykonaj test na innym łączu, na przykład przez internet z komórki, i porównaj.
line-test-advice-firewall = Poproś administratora sieci, aby zapora przepuszczała ruch UDP do portów rozmów.
line-test-advice-vpn = Wyłącz na próbę VPN i powtórz test.
line-test-advice-browser = Wykonaj test w Chrome, Firefoksie, Edge albo Safari.
line-test-advice-try-later = Spróbuj jeszcze raz za kilka minut.
line-test-advice-stay-on-tab = Powtórz test i zostań na tej karcie do końca.
line-test-advice-repeat = Powtórz test.

line-test-row-cause = Co to znaczy
line-test-row-quality = Jakość
line-test-row-up = Od klienta do nas
line-test-row-down = Od nas do klienta
line-test-row-round-trip = Tam i z powrotem
line-test-row-websocket = Tam i z powrotem, WebSocket
line-test-row-nat = Router
line-test-row-connection = Podłączenie
line-test-row-note = Uwaga
line-test-value-quality = MOS { $mos }, R { $r } (G.711); MOS { $other } (G.729A)
line-test-value-direction = zgubione { $lost }%, spóźnione { $late }%, jitter { $jitter } ms (RFC 3550: { $rfc } ms), najdłuższa przerwa { $gap } s, w złej kolejności { $reordered }, podwójne { $doubled }, doszło { $received } z { $sent }
line-test-value-round-trip = { $usual } ms, najmniej { $least } ms, 95% poniżej { $slow } ms, najwięcej { $most } ms
line-test-nat-keeps = zachowuje jeden port na zewnątrz
line-test-nat-changes = daje każdemu połączeniu inny port na zewnątrz
line-test-history = Testy z tej wizyty
line-test-history-hint = Widzisz je tylko Ty, w tej karcie.
line-test-history-time = Kiedy
line-test-history-connection = Podłączenie
line-test-history-result = Wynik
line-test-history-quality = Jakość

echo-call = Usłysz siebie
echo-call-lead = Zadzwoń do naszego echa: powiedz kilka słów, a po półtorej sekundy usłyszysz je takie, jakie dochodzą do rozmówcy. Najlepiej w słuchawkach.
echo-call-start = Zadzwoń do echa
echo-call-stop = Zakończ rozmowę
echo-call-allow = Pozwól stronie na mikrofon
echo-call-ringing = Łączymy rozmowę
echo-call-talk = Mów. Słyszysz siebie z opóźnieniem.
echo-call-left = { $seconds ->
    [0] Zaraz koniec
    [one] Została { $seconds } sekunda
    [few] Zostały { $seconds } sekundy
   *[many] Zostało { $seconds } sekund
}
echo-call-over = Rozmowa skończona. Czysty głos znaczy dobre łącze. Przerwy i trzaski: wykonaj test powyżej, pokaże ich przyczynę.
echo-call-nothing-kept = Głos idzie do nas i wraca. Niczego nie nagrywamy.
guide-check-link = Zmierz łącze

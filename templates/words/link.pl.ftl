# Test łącza.

check-link = Test łącza
link-title = Test łącza
link-ask = Czy to łącze nadaje się do rozmów?
link-lead = Przez dziesięć sekund udajemy zwykłą rozmowę i liczymy, co się po drodze zgubi.
link-how = Jak jest podłączone to urządzenie?
link-by-cable = kablem
link-by-wireless = przez Wi-Fi
link-by-mobile = przez sieć komórkową
link-by-unknown = nie wiem
link-start = Zacznij test
link-stop = Przerwij test
link-again = Powtórz test
link-same-line = Test mierzy łącze urządzenia, na którym oglądasz tę stronę. Wykonaj go w tej samej sieci, w której jest telefon z problemem.
link-leaves = Wysyłamy tylko puste pakiety próbne. Wynik trzymamy 30 dni pod losowym adresem.
link-before = Zanim zaczniesz
link-before-quiet = Zatrzymaj duże pobierania i filmy, chyba że chcesz sprawdzić łącze właśnie z nimi.
link-before-stay = Zostań na tej karcie do końca testu.

link-without-script = Ten test wymaga JavaScriptu, a w tej przeglądarce jest on wyłączony.
link-without-script-do = Bez niego możesz zrobić to:
link-without-media = Nie możemy teraz zmierzyć tego, co słychać w rozmowie. Zmierzymy tylko opóźnienie.
link-without-other-line = Podłącz telefon na próbę do innego łącza, na przykład do internetu z komórki. Jeśli tam działa, winne jest łącze.
link-without-address = Sprawdź swój adres
link-without-lamps = Zobacz, co mówi lampka przy koncie
link-without-report = Zgłoś problem bez testu

link-connecting = Łączymy się
link-measuring = Mierzymy łącze
link-fallback = Zwykła droga jest zamknięta. Mierzymy inną.
link-finishing = Liczymy wynik
link-progress = Postęp testu
link-left = { $seconds ->
    [0] Zaraz koniec
    [one] Jeszcze { $seconds } sekunda
    [few] Jeszcze { $seconds } sekundy
   *[many] Jeszcze { $seconds } sekund
}
link-stopped = Test został przerwany. Nic nie zapisaliśmy.
link-failed = Nie udało się wykonać testu
link-failed-network = Portal nie odpowiada. Sprawdź, czy inne strony się otwierają, i spróbuj jeszcze raz.
link-failed-offer = Z tą przeglądarką nie umiemy się połączyć. Spróbuj w Chrome lub Firefoksie.
link-failed-full = Wszystkie miejsca w teście są teraz zajęte. Spróbuj za minutę.
link-failed-many = Z tej sieci było już dużo testów. Odczekaj chwilę i spróbuj jeszcze raz.
link-failed-late = Ten test już się skończył. Zacznij nowy.
link-failed-microphone = Bez mikrofonu nie usłyszysz siebie. Pozwól tej stronie na mikrofon w ustawieniach przeglądarki i spróbuj jeszcze raz.
link-failed-no-microphone = Ta przeglądarka nie widzi żadnego mikrofonu.
link-failed-call = Nie udało się zestawić rozmowy próbnej. Wykonaj najpierw test łącza: powie, czy sieć przepuszcza rozmowy.

link-chart = Sekunda po sekundzie
link-chart-hint = im niżej, tym lepiej
link-chart-empty = Wykres pojawi się, gdy przyjdą pierwsze pakiety.
link-chart-said = Opóźnienie tam i z powrotem w kolejnych sekundach: { $times } ms. { $lost ->
    [0] Nic się nie zgubiło.
    [one] Zgubione pakiety w { $lost } sekundzie.
   *[other] Zgubione pakiety w { $lost } sekundach.
}
link-key-delay = opóźnienie tam i z powrotem
link-key-slow = wolniej niż { $ms } ms
link-key-lost = zgubione pakiety
link-unit-ms = { $n } ms
link-unit-s = { $n } s
link-unit-percent = { $n }%

link-dial = Jakość rozmowy: { $word }, { $mos } z 4,5
link-dial-hint = od 1 (nie da się rozmawiać) do 4,5 (jak obok siebie)
link-dial-said = Skala jakości od 1 do 4,5. Wskazówka na { $mos }, w części „{ $word }”.
link-band-impossible = zła
link-band-breaks-up = słaba
link-band-heard = znośna
link-band-good = dobra

link-nums = W liczbach
link-nums-what = Co zmierzyliśmy
link-nums-result = Wynik
link-nums-good-if = Dobrze, gdy
link-nums-mark = Ocena
link-num-delay = Opóźnienie w jedną stronę
link-num-jitter-up = Wahania opóźnienia, od Ciebie
link-num-jitter-down = Wahania opóźnienia, do Ciebie
link-num-lost-up = Zgubione pakiety, od Ciebie
link-num-lost-down = Zgubione pakiety, do Ciebie
link-num-late-up = Spóźnione pakiety, od Ciebie
link-num-late-down = Spóźnione pakiety, do Ciebie
link-num-gap = Najdłuższa przerwa
link-num-web = Opóźnienie tam i z powrotem, drogą stron WWW
link-below = poniżej { $limit }
link-mark-ok = dobrze
link-mark-warn = za dużo
link-more = Szczegóły dla pomocy technicznej

link-said-good = To łącze nadaje się do rozmów
link-said-heard = Rozmowy będą działać, ale chwilami będzie słychać zakłócenia
link-said-breaks-up = Rozmowy na tym łączu będą się rwać
link-said-impossible = Na tym łączu nie da się rozmawiać
link-said-blocked = Ta sieć nie przepuszcza rozmów, choć strony się otwierają
link-said-not-measured = Nie udało się zmierzyć łącza

link-why-good = Pakiety dochodzą na czas w obie strony. Jeśli rozmowy mimo to zawodzą, przyczyna jest gdzie indziej.
link-why-loss-up = Głos od Ciebie gubi się po drodze ({ $percent }% pakietów): rozmówca słyszy przerwy.
link-why-loss-down = Głos do Ciebie gubi się po drodze ({ $percent }% pakietów): słyszysz przerwy.
link-why-late-up = Głos od Ciebie idzie nierówno, z opóźnieniem do { $ms } ms: rozmówca słyszy przerwy.
link-why-late-down = Głos do Ciebie idzie nierówno, z opóźnieniem do { $ms } ms: słyszysz przerwy.
link-why-delay = Głos idzie { $ms } ms w jedną stronę: rozmówcy wchodzą sobie w słowo.
link-why-crowded = Łącze jest zapchane: pakiety czekają w kolejce za innym ruchem.
link-why-no-channel = Połączenie się otwiera, ale prawie nic przez nie nie przechodzi.
link-why-blocked = Ruch UDP, którym idzie głos, jest zablokowany. W słuchawce będzie cisza albo rozmowa wcale się nie zestawi.
link-why-no-webrtc = Ta przeglądarka nie ma WebRTC albo jest ono wyłączone, więc nie umie wysłać ruchu takiego jak w rozmowie.
link-why-no-media = Portal nie ma teraz miejsca na pomiar rozmowy. Zmierzyliśmy tylko opóźnienie stron.
link-why-hidden = Karta z testem zniknęła z ekranu, a wtedy przeglądarka zwalnia i wynik nic nie znaczy.
link-why-asleep = Komputer zasnął albo przeglądarka się zatrzymała w czasie testu.
link-why-broken-off = Połączenie urwało się w czasie testu.

link-note-approximate = Pakiety czekały w przeglądarce, więc liczby są przybliżone, raczej za wysokie.
link-note-busy = Komputer był zajęty i wysyłał nierówno. Powtórz test, gdy będzie miał mniej pracy.
link-note-gap = Była przerwa dłuższa niż jedna piąta sekundy: tyle wystarczy, żeby zginęła sylaba.
link-note-wireless = Opóźnienie skacze, choć łącze jest szybkie. Tak zwykle zachowuje się Wi-Fi.

link-do = Co możesz zrobić teraz
link-do-good = Szukaj dalej w urządzeniu: w ustawieniach telefonu, słuchawce, mikrofonie.
link-do-on-the-phone = Jeśli telefon jest w innej sieci, powtórz test tam.
link-do-no-mobile = Połącz się przez Wi-Fi albo kablem i powtórz test.
link-do-cable = Podłącz telefon lub komputer kablem zamiast przez Wi-Fi i powtórz test.
link-do-downloads = Na czas rozmowy zatrzymaj duże pobierania i filmy.
link-do-other-line = Wykonaj test na innym łączu, na przykład przez internet z komórki, i porównaj.
link-do-firewall = Poproś administratora sieci, aby zapora przepuszczała ruch UDP do portów rozmów.
link-do-vpn = Wyłącz na próbę VPN i powtórz test.
link-do-browser = Wykonaj test w Chrome, Firefoksie, Edge albo Safari.
link-do-later = Spróbuj jeszcze raz za kilka minut.
link-do-stay = Powtórz test i zostań na tej karcie do końca.
link-do-again = Powtórz test.

link-row-cause = Co to znaczy
link-row-quality = Jakość
link-row-up = Od klienta do nas
link-row-down = Od nas do klienta
link-row-trip = Tam i z powrotem
link-row-web = Tam i z powrotem, WebSocket
link-row-nat = Router
link-row-connection = Podłączenie
link-row-note = Uwaga
link-value-quality = MOS { $mos }, R { $r } (G.711); MOS { $other } (G.729A)
link-value-way = zgubione { $lost }%, spóźnione { $late }%, jitter { $jitter } ms (RFC 3550: { $rfc } ms), najdłuższa przerwa { $gap } s, w złej kolejności { $reordered }, podwójne { $doubled }, doszło { $received } z { $sent }
link-value-trip = { $usual } ms, najmniej { $least } ms, 95% poniżej { $slow } ms, najwięcej { $most } ms
link-nat-keeps = zachowuje jeden port na zewnątrz
link-nat-changes = daje każdemu połączeniu inny port na zewnątrz
link-runs = Testy z tej wizyty
link-runs-hint = Widzisz je tylko Ty, w tej karcie.
link-run-when = Kiedy
link-run-how = Podłączenie
link-run-said = Wynik
link-run-mos = Jakość

link-call = Usłysz siebie
link-call-lead = Zadzwoń do naszego echa: powiedz kilka słów, a po półtorej sekundy usłyszysz je takie, jakie dochodzą do rozmówcy. Najlepiej w słuchawkach.
link-call-start = Zadzwoń do echa
link-call-stop = Zakończ rozmowę
link-call-allow = Pozwól stronie na mikrofon
link-call-ringing = Łączymy rozmowę
link-call-talk = Mów. Słyszysz siebie z opóźnieniem.
link-call-left = { $seconds ->
    [0] Zaraz koniec
    [one] Została { $seconds } sekunda
    [few] Zostały { $seconds } sekundy
   *[many] Zostało { $seconds } sekund
}
link-call-over = Rozmowa skończona. Czysty głos znaczy dobre łącze. Przerwy i trzaski: wykonaj test powyżej, pokaże ich przyczynę.
link-call-nothing-kept = Głos idzie do nas i wraca. Niczego nie nagrywamy.
guide-check-link = Zmierz łącze

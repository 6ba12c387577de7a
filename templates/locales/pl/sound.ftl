# The sound check.

check-sound = Test dźwięku
sound-title = Test dźwięku
sound-ask = Czy działa mikrofon i słuchawka?
sound-lead = Zobacz, czy Cię słychać, posłuchaj swojego nagrania i sprawdź obie słuchawki.
sound-without-script = Ten test wymaga JavaScriptu, a w tej przeglądarce jest on wyłączony.
sound-without-apps = Nagraj się w innym programie, na przykład w dyktafonie, i odsłuchaj nagranie.
sound-without-headset = Podłącz inny zestaw słuchawkowy albo inny telefon i zadzwoń jeszcze raz.
sound-without-line = Poproś rozmówcę, żeby powiedział, co słyszy: ciszę, przerwy czy trzaski. Cisza wskazuje na mikrofon, przerwy na łącze.
sound-microphone = Mikrofon
sound-microphone-lead = Naciśnij przycisk, pozwól stronie na mikrofon i mów przez kilka sekund tak jak do słuchawki.
sound-listen = Sprawdź mikrofon
sound-stop-listening = Wyłącz mikrofon
sound-device = Używany mikrofon
sound-level = Poziom głosu
sound-asking = Przeglądarka pyta o zgodę na mikrofon. Wybierz „Zezwól”.
sound-listening = Mów. Słuchamy.
sound-insecure = Przeglądarka daje mikrofon tylko stronom z adresem https.
sound-result-good = Mikrofon działa i słychać Cię dobrze
sound-microphone-advice-good = Jeśli rozmówcy mimo to nie słyszą, sprawdź łącze i ustawienia telefonu lub aplikacji.
sound-result-quiet = Mikrofon działa, ale słychać Cię słabo
sound-microphone-advice-quiet = Mów bliżej mikrofonu i zwiększ jego głośność w ustawieniach systemu.
sound-result-silent = Mikrofon jest włączony, ale nic z niego nie słychać
sound-microphone-advice-silent = Sprawdź wyciszenie na kablu i w systemie oraz to, czy wybrany jest właściwy mikrofon.
sound-result-clipped = Mikrofon jest za głośny i zniekształca głos
sound-microphone-advice-clipped = Odsuń mikrofon od ust albo zmniejsz jego głośność w ustawieniach systemu. Rozmówca słyszy trzaski.
sound-result-denied = Strona nie dostała zgody na mikrofon
sound-microphone-advice-denied = Kliknij ikonę przed adresem strony, zezwól na mikrofon i spróbuj jeszcze raz. W firmie zgodę mógł zablokować administrator.
sound-result-none = Przeglądarka nie widzi żadnego mikrofonu
sound-microphone-advice-none = Podłącz zestaw słuchawkowy jeszcze raz, najlepiej do innego gniazda, i spróbuj ponownie.
sound-result-busy = Mikrofonu używa teraz inny program
sound-microphone-advice-busy = Zakończ rozmowy w innych programach i spróbuj jeszcze raz.
sound-record-lead = Nagraj pięć sekund i posłuchaj, co słyszy rozmówca.
sound-record = Nagraj 5 sekund
sound-play = Odtwórz nagranie
sound-left = { $seconds ->
    [0] Nagranie gotowe
    [one] Nagrywamy, jeszcze { $seconds } sekunda
    [few] Nagrywamy, jeszcze { $seconds } sekundy
   *[many] Nagrywamy, jeszcze { $seconds } sekund
}
sound-recorded = Nagranie gotowe. Jest tylko w tej karcie.
sound-playing = Odtwarzamy
sound-speakers = Słuchawki lub głośniki
sound-speakers-lead = Włącz dźwięk po kolei z lewej i z prawej strony.
sound-output = Odtwarza: { $device }
sound-tone-left = Dźwięk z lewej
sound-tone-right = Dźwięk z prawej
sound-heard = Co słyszysz?
sound-heard-both = oba dźwięki, każdy z właściwej strony
sound-heard-left = tylko lewy
sound-heard-right = tylko prawy
sound-heard-swapped = oba, ale strony są zamienione
sound-heard-none = nic
sound-result-both = Dźwięk słychać z obu stron
sound-result-left = Dźwięk słychać tylko z lewej strony
sound-result-right = Dźwięk słychać tylko z prawej strony
sound-result-swapped = Lewa i prawa strona są zamienione
sound-result-no-tone = Nie słychać dźwięku próbnego
sound-result-all-good = Mikrofon działa, a dźwięk słychać z obu stron
sound-send-lead = Możesz zapisać wynik, żeby dołączyć go do zgłoszenia. Zapiszemy tylko zdanie o mikrofonie i Twoją odpowiedź, bez dźwięku i bez nazw urządzeń.
sound-send = Zapisz wynik
sound-private = Dźwięk nie opuszcza przeglądarki
sound-private-text = Nigdzie go nie wysyłamy. Nagranie znika, gdy zamkniesz tę stronę.
sound-same-device = Test dotyczy urządzenia, na którym oglądasz tę stronę. Telefonu na biurku tak nie sprawdzisz.
sound-line-test = Sprawdź też łącze
guide-check-sound = Sprawdź mikrofon i słuchawki

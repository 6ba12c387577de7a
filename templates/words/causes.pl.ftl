# What SIP codes mean, in plain words for staff. See src/causes.rs.

sip-401 = Serwer prosi o hasło; jeśli to koniec wymiany, login lub hasło są złe
sip-402 = Brak środków albo usługa wstrzymana
sip-403 = Zabronione: blokada kierunku, adresu IP, prezentacji numeru albo limit
sip-404 = Takiego numeru nie ma albo jest źle wybrany
sip-407 = Centrala prosi o hasło; jeśli to koniec wymiany, login lub hasło są złe
sip-408 = Druga strona albo serwer nie odpowiedział na czas
sip-410 = Numer zmieniony albo wyłączony
sip-420 = Urządzenie chce funkcji, której druga strona nie zna
sip-480 = Chwilowo niedostępny: wylogowany, wyłączony albo „nie przeszkadzać”
sip-481 = Rozmowa zgubiona w trakcie, często przez router lub NAT
sip-482 = Pętla przekierowań
sip-483 = Za dużo przekierowań po drodze
sip-484 = Numer za krótki albo niepełny
sip-486 = Zajęte, to nie awaria
sip-487 = Dzwoniący rozłączył się przed odebraniem
sip-488 = Telefony nie uzgodniły dźwięku: kodek albo szyfrowanie
sip-500 = Błąd po stronie sieci
sip-501 = Druga strona nie zna tej funkcji
sip-502 = Sieć adresata nie działa poprawnie
sip-503 = Usługa niedostępna albo brak wolnych linii
sip-504 = Dalsza sieć nie odpowiedziała na czas
sip-600 = Zajęte na wszystkich urządzeniach
sip-603 = Odrzucone ręcznie albo przez filtr
sip-604 = Takiego numeru nie ma nigdzie
sip-606 = Telefony nie uzgodniły dźwięku: kodek albo szyfrowanie

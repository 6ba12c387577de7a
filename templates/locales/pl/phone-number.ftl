# Phone numbers, SIP accounts and the two parties of a call: error messages, and how a number was understood.

## Error messages

number-empty-caller = Wpisz, kto dzwonił: numer, na przykład 22 122 80 22, konto SIP, na przykład 12345-101, albo „zastrzeżony”
number-empty-callee = Wpisz wybierany numer dokładnie tak, jak był wybrany, na przykład 22 122 80 22
number-empty-account = Wpisz konto SIP, na przykład 12345-101. Jest w ustawieniach telefonu jako login lub nazwa użytkownika
# $max (number): how many characters are read
number-too-much-text = { $max ->
    [one] Ten tekst jest za długi: czytamy najwyżej { $max } znak. Wpisz sam numer, na przykład 22 122 80 22
    [few] Ten tekst jest za długi: czytamy najwyżej { $max } znaki. Wpisz sam numer, na przykład 22 122 80 22
    [many] Ten tekst jest za długi: czytamy najwyżej { $max } znaków. Wpisz sam numer, na przykład 22 122 80 22
   *[other] Ten tekst jest za długi: czytamy najwyżej { $max } znaku. Wpisz sam numer, na przykład 22 122 80 22
}
number-two-numbers = Wygląda to na dwa numery. Zostaw jeden, na przykład 22 122 80 22
# $count (number): digits counted
number-digits = { $count ->
    [one] Ten numer ma { $count } cyfrę. Polski ma 9, a zagraniczny zaczyna się od 00
    [few] Ten numer ma { $count } cyfry. Polski ma 9, a zagraniczny zaczyna się od 00
    [many] Ten numer ma { $count } cyfr. Polski ma 9, a zagraniczny zaczyna się od 00
   *[other] Ten numer ma { $count } cyfry. Polski ma 9, a zagraniczny zaczyna się od 00
}
number-area-missing = { $count ->
    [one] Ten numer ma { $count } cyfrę, brakuje kierunkowego. Dopisz go na początku, na przykład 22 122 80 22
    [few] Ten numer ma { $count } cyfry, brakuje kierunkowego. Dopisz go na początku, na przykład 22 122 80 22
    [many] Ten numer ma { $count } cyfr, brakuje kierunkowego. Dopisz go na początku, na przykład 22 122 80 22
   *[other] Ten numer ma { $count } cyfry, brakuje kierunkowego. Dopisz go na początku, na przykład 22 122 80 22
}
number-abroad-short = { $count ->
    [one] Po 00 lub + jest tylko { $count } cyfra. Numer z krajem ma ich co najmniej 7, na przykład 0044 20 8190 0322
    [few] Po 00 lub + są tylko { $count } cyfry. Numer z krajem ma ich co najmniej 7, na przykład 0044 20 8190 0322
    [many] Po 00 lub + jest tylko { $count } cyfr. Numer z krajem ma ich co najmniej 7, na przykład 0044 20 8190 0322
   *[other] Po 00 lub + jest tylko { $count } cyfry. Numer z krajem ma ich co najmniej 7, na przykład 0044 20 8190 0322
}
number-too-long = { $count ->
    [one] Ten numer ma { $count } cyfrę, a najdłuższe mają 15. Przepisz go tak, jak był wybrany, na przykład 0044 20 8190 0322
    [few] Ten numer ma { $count } cyfry, a najdłuższe mają 15. Przepisz go tak, jak był wybrany, na przykład 0044 20 8190 0322
    [many] Ten numer ma { $count } cyfr, a najdłuższe mają 15. Przepisz go tak, jak był wybrany, na przykład 0044 20 8190 0322
   *[other] Ten numer ma { $count } cyfry, a najdłuższe mają 15. Przepisz go tak, jak był wybrany, na przykład 0044 20 8190 0322
}
number-country-zero = Numer kraju po 00 lub + nie zaczyna się od 0. W Polsce wpisz na przykład 22 122 80 22, za granicę 0044 20 8190 0322
# $text: what was typed, shortened; $instead: the number we think was meant
number-letters = W numerze „{ $text }” jest litera zamiast cyfry. Jeśli się zgadza, wpisz { $instead }
number-with-words = „{ $text }” to nie tylko numer. Wpisz sam numer: { $instead }
number-nonsense = „{ $text }” to nie numer ani konto SIP. Wpisz numer, na przykład 22 122 80 22, albo konto, na przykład 12345-101
number-callee-withheld = Numer, na który się dzwoni, nie może być zastrzeżony. Wpisz go tak, jak był wybrany, na przykład 22 122 80 22
number-account-nonsense = „{ $text }” nie wygląda na konto SIP. Wpisz je bez spacji i polskich liter, na przykład 12345-101
number-account-two = Wygląda to na dwa konta. Zostaw jedno, na przykład 12345-101
number-account-withheld = Konto SIP nie może być zastrzeżone. Wpisz jego nazwę, na przykład 12345-101

## What we take it for, after "Rozumiemy: 22 122 80 22, …"

# $area (number): the area code (strefa numeracyjna) of UKE's numbering plan, named after its chief town
number-description-fixed = { $area ->
    [12] numer stacjonarny, Kraków
    [13] numer stacjonarny, Krosno
    [14] numer stacjonarny, Tarnów
    [15] numer stacjonarny, Tarnobrzeg
    [16] numer stacjonarny, Przemyśl
    [17] numer stacjonarny, Rzeszów
    [18] numer stacjonarny, Nowy Sącz
    [22] numer stacjonarny, Warszawa
    [23] numer stacjonarny, Ciechanów
    [24] numer stacjonarny, Płock
    [25] numer stacjonarny, Siedlce
    [29] numer stacjonarny, Ostrołęka
    [32] numer stacjonarny, Katowice
    [33] numer stacjonarny, Bielsko-Biała
    [34] numer stacjonarny, Częstochowa
    [41] numer stacjonarny, Kielce
    [42] numer stacjonarny, Łódź
    [43] numer stacjonarny, Sieradz
    [44] numer stacjonarny, Piotrków Trybunalski
    [46] numer stacjonarny, Skierniewice
    [48] numer stacjonarny, Radom
    [52] numer stacjonarny, Bydgoszcz
    [54] numer stacjonarny, Włocławek
    [55] numer stacjonarny, Elbląg
    [56] numer stacjonarny, Toruń
    [58] numer stacjonarny, Gdańsk
    [59] numer stacjonarny, Słupsk
    [61] numer stacjonarny, Poznań
    [62] numer stacjonarny, Kalisz
    [63] numer stacjonarny, Konin
    [65] numer stacjonarny, Leszno
    [67] numer stacjonarny, Piła
    [68] numer stacjonarny, Zielona Góra
    [71] numer stacjonarny, Wrocław
    [74] numer stacjonarny, Wałbrzych
    [75] numer stacjonarny, Jelenia Góra
    [76] numer stacjonarny, Legnica
    [77] numer stacjonarny, Opole
    [81] numer stacjonarny, Lublin
    [82] numer stacjonarny, Chełm
    [83] numer stacjonarny, Biała Podlaska
    [84] numer stacjonarny, Zamość
    [85] numer stacjonarny, Białystok
    [86] numer stacjonarny, Łomża
    [87] numer stacjonarny, Suwałki
    [89] numer stacjonarny, Olsztyn
    [91] numer stacjonarny, Szczecin
    [94] numer stacjonarny, Koszalin
    [95] numer stacjonarny, Gorzów Wielkopolski
    [26] numer stacjonarny, sieć wojskowa
    [47] numer stacjonarny, sieć MSWiA
   *[other] numer stacjonarny
}
number-description-mobile = numer komórkowy
number-description-free = bezpłatna infolinia
number-description-shared = numer o podzielonej opłacie
number-description-premium = numer o podwyższonej opłacie
number-description-voip = numer telefonii internetowej
number-description-pager = numer pagera
number-description-company = numer firmowy o jednej stawce
number-description-polish = numer polski
number-description-unassigned = nie znamy takiego numeru w Polsce, sprawdź cyfry
number-description-polish-length = { $count ->
    [one] numer polski ma po +48 zawsze 9 cyfr, tu jest { $count }
    [few] numer polski ma po +48 zawsze 9 cyfr, tu są { $count }
    [many] numer polski ma po +48 zawsze 9 cyfr, tu jest { $count }
   *[other] numer polski ma po +48 zawsze 9 cyfr, tu jest { $count }
}
# $country: the country code, without "+"
number-description-abroad = numer zagraniczny, { $country }
number-description-abroad-premium = numer zagraniczny o podwyższonej opłacie, { $country }
number-description-abroad-unknown = numer zagraniczny, kraj +{ $country }, ale nie znamy tam takiego numeru, sprawdź cyfry
number-description-global = numer międzynarodowy bez kraju, +{ $country }
number-description-no-country = nie ma kraju o takim numerze, sprawdź cyfry po 00
number-description-extra-zero = po numerze kraju +{ $country } jest zbędne 0, wybierz: { $instead }
number-description-emergency = numer alarmowy
number-description-short = numer skrócony
number-description-code = kod usługi
number-description-account = konto SIP
number-description-withheld = numer zastrzeżony

## Dialing advice, on the page of the number check

number-description-operator = nasza usługa: { $name }
number-note-plus-abroad = Zamiast + wybierz 00.
number-note-plus-poland = W Polsce bez +48: wystarczy 9 cyfr.
number-note-48 = W Polsce numer kraju 48 nie jest potrzebny: wystarczy 9 cyfr.
number-note-48-twice = Numer kraju 48 jest tu dwa razy. W Polsce nie jest potrzebny ani raz.
number-note-trunk = Zera przed numerem kierunkowym już się nie wybiera.
number-note-bracket = Zero w nawiasie pomiń.
number-note-zero = Zero po numerze kraju pomiń.
number-note-00-poland = To numer w Polsce, więc wybierz go bez 00 i bez +. Po 00 musi stać numer kraju.
number-note-00-missing = Przed numerem kraju wybierz 00.
number-note-extension = Gdy ktoś odbierze, wybierz numer wewnętrzny { $extension }.
number-note-one-short = Brakuje jednej cyfry.
number-note-one-many = Jest o jedną cyfrę za dużo.
number-note-too-short = W tym kraju numery są dłuższe: sprawdź, czy nie brakuje cyfry.
number-note-too-long = W tym kraju numery są krótsze: sprawdź, czy nie ma cyfry za dużo.
number-note-inside = Działa tylko w Twojej centrali. Z innych telefonów wybierz pełny numer, 9 cyfr.

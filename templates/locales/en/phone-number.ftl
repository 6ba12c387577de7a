# Phone numbers, SIP accounts and the two parties of a call: error messages, and how a number was understood.

## Error messages

number-empty-caller = Write who called: a number, for example 22 122 80 22, a SIP account, for example 12345-101, or “withheld”
number-empty-callee = Write the number called exactly as it was dialled, for example 22 122 80 22
number-empty-account = Write the SIP account, for example 12345-101. The phone's settings call it login or user name
# $max (number): how many characters are read
number-too-much-text = { $max ->
    [one] This text is too long: we read at most { $max } character. Write only the number, for example 22 122 80 22
   *[other] This text is too long: we read at most { $max } characters. Write only the number, for example 22 122 80 22
}
number-two-numbers = These look like two numbers. Leave one, for example 22 122 80 22
# $count (number): digits counted
number-digits = { $count ->
    [one] This number has { $count } digit. A Polish one has 9, one abroad starts with 00
   *[other] This number has { $count } digits. A Polish one has 9, one abroad starts with 00
}
number-area-missing = { $count ->
    [one] This number has { $count } digit, the area code is missing. Put it in front, for example 22 122 80 22
   *[other] This number has { $count } digits, the area code is missing. Put it in front, for example 22 122 80 22
}
number-abroad-short = { $count ->
    [one] There is only { $count } digit after 00 or +. A number with its country has at least 7, for example 0044 20 8190 0322
   *[other] There are only { $count } digits after 00 or +. A number with its country has at least 7, for example 0044 20 8190 0322
}
number-too-long = { $count ->
    [one] This number has { $count } digit, and the longest have 15. Copy it as it was dialled, for example 0044 20 8190 0322
   *[other] This number has { $count } digits, and the longest have 15. Copy it as it was dialled, for example 0044 20 8190 0322
}
number-country-zero = The country code after 00 or + never starts with 0. In Poland write, for example, 22 122 80 22, abroad 0044 20 8190 0322
# $text: what was typed, shortened; $instead: the number we think was meant
number-letters = There is a letter in place of a digit in “{ $text }”. If that is right, write { $instead }
number-with-words = “{ $text }” is not only a number. Write the number alone: { $instead }
number-nonsense = “{ $text }” is neither a number nor a SIP account. Write a number, for example 22 122 80 22, or an account, for example 12345-101
number-callee-withheld = The number called can't be withheld. Write it as it was dialled, for example 22 122 80 22
number-account-nonsense = “{ $text }” does not look like a SIP account. Write it without spaces and accents, for example 12345-101
number-account-two = These look like two accounts. Leave one, for example 12345-101
number-account-withheld = A SIP account can't be withheld. Write its name, for example 12345-101

## What we take it for, after "We read this as: 22 122 80 22, …"

# $area (number): the area code (strefa numeracyjna) of UKE's numbering plan, named after its chief town
number-description-fixed = { $area ->
    [12] landline, Kraków
    [13] landline, Krosno
    [14] landline, Tarnów
    [15] landline, Tarnobrzeg
    [16] landline, Przemyśl
    [17] landline, Rzeszów
    [18] landline, Nowy Sącz
    [22] landline, Warsaw
    [23] landline, Ciechanów
    [24] landline, Płock
    [25] landline, Siedlce
    [29] landline, Ostrołęka
    [32] landline, Katowice
    [33] landline, Bielsko-Biała
    [34] landline, Częstochowa
    [41] landline, Kielce
    [42] landline, Łódź
    [43] landline, Sieradz
    [44] landline, Piotrków Trybunalski
    [46] landline, Skierniewice
    [48] landline, Radom
    [52] landline, Bydgoszcz
    [54] landline, Włocławek
    [55] landline, Elbląg
    [56] landline, Toruń
    [58] landline, Gdańsk
    [59] landline, Słupsk
    [61] landline, Poznań
    [62] landline, Kalisz
    [63] landline, Konin
    [65] landline, Leszno
    [67] landline, Piła
    [68] landline, Zielona Góra
    [71] landline, Wrocław
    [74] landline, Wałbrzych
    [75] landline, Jelenia Góra
    [76] landline, Legnica
    [77] landline, Opole
    [81] landline, Lublin
    [82] landline, Chełm
    [83] landline, Biała Podlaska
    [84] landline, Zamość
    [85] landline, Białystok
    [86] landline, Łomża
    [87] landline, Suwałki
    [89] landline, Olsztyn
    [91] landline, Szczecin
    [94] landline, Koszalin
    [95] landline, Gorzów Wielkopolski
    [26] landline, military network
    [47] landline, police and interior network
   *[other] landline
}
number-description-mobile = mobile number
number-description-free = freephone number
number-description-shared = shared-cost number
number-description-premium = premium-rate number
number-description-voip = internet telephony number
number-description-pager = pager number
number-description-company = company number at one rate
number-description-polish = Polish number
number-description-unassigned = we know no such number in Poland, check the digits
number-description-polish-length = { $count ->
    [one] a Polish number has always 9 digits after +48, here there is { $count }
   *[other] a Polish number has always 9 digits after +48, here there are { $count }
}
# $country: the country code, without "+"
number-description-abroad = number abroad, { $country }
number-description-abroad-premium = premium-rate number abroad, { $country }
number-description-abroad-unknown = number abroad, country +{ $country }, but we know no such number there, check the digits
number-description-global = international number without a country, +{ $country }
number-description-no-country = no country has this code, check the digits after 00
number-description-extra-zero = the 0 after country code +{ $country } is one too many, dial: { $instead }
number-description-emergency = emergency number
number-description-short = short number
number-description-code = service code
number-description-account = SIP account
number-description-withheld = withheld number

## Dialing advice, on the page of the number check

number-description-operator = a service of ours: { $name }
number-note-plus-abroad = Instead of + dial 00.
number-note-plus-poland = In Poland without +48: 9 digits are enough.
number-note-48 = In Poland the country code 48 is not needed: 9 digits are enough.
number-note-48-twice = The country code 48 is there twice. In Poland it is not needed at all.
number-note-trunk = The zero before the area code is no longer dialled.
number-note-bracket = Leave out the zero in brackets.
number-note-zero = Leave out the zero after the country code.
number-note-00-poland = This is a number in Poland, so dial it without 00 and without +. After 00 there must be a country code.
number-note-00-missing = Dial 00 before the country code.
number-note-extension = When somebody answers, dial extension { $extension }.
number-note-one-short = One digit is missing.
number-note-one-many = There is one digit too many.
number-note-too-short = Numbers in that country are longer: check whether a digit is missing.
number-note-too-long = Numbers in that country are shorter: check whether there is a digit too many.
number-note-inside = It works in your own exchange only. From other phones dial the whole number, 9 digits.

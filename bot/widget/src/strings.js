/** Every Dutch word of the widget, in one table. `{name}` is filled in by `fill`. A test keeps the numbers equal to the facts. */
export const NUMBERS = [
  { title: "112", url: "tel:112" },
  { title: "101", url: "tel:101" },
];

export const strings = {
  chat: "Chat",
  launch: "Chat met de assistent",
  back: "Terug naar je gesprek",
  title: "Hulp en advies",
  identity: "Automatische assistent, geen agent. Kan geen patrouille sturen.",
  inDanger: "In nood: bel",
  police: "politie:",
  leave: "Verlaat deze pagina",
  leaveNote: "Of druk 3 keer op Shift. Blijft in je browsergeschiedenis.",
  minimise: "Sluit",
  minimiseLong: "Sluit de chat. Je gesprek blijft.",
  folded: "De chat is toe. Je gesprek blijft.",
  menu: "Meer",
  wipe: "Wis dit gesprek",
  save: "Bewaar als tekst",
  print: "Print het gesprek",
  printThis: "Print dit",
  larger: "Grotere tekst",
  language: "Ik praat alleen Nederlands. In negen andere talen toon ik wie je kan bellen.",
  otherLanguage: "Andere taal / Other language",
  transcript: "Het gesprek",
  you: "Jij",
  assistant: "Assistent",
  emergency: "Noodgeval",
  write: "Je bericht",
  noNames: "Typ geen namen en geen rijksregisternummer.",
  send: "Verstuur",
  count: "{count} van {max} tekens",
  tooLong: "Je bericht is te lang: {count} van {max} tekens. Maak het korter. Er is niets verloren.",
  empty: "Typ eerst je bericht.",
  busy: "Even wachten, ik antwoord nog op je vorige bericht.",
  writing: "Schrijft...",
  choices: "Kies: {titles}.",
  links: "Links: {titles}.",
  offline: "Je hebt geen internet. Bellen kan wel.",
  unreachable: "De assistent antwoordt niet. Probeer het opnieuw. Bellen kan altijd.",
  slow: "Dat duurt te lang. Probeer het opnieuw. Bellen kan altijd.",
  garbled: "Het antwoord kwam niet goed aan. Probeer het opnieuw. Bellen kan altijd.",
  retry: "Probeer opnieuw",
  kept: "Je tekst staat nog in het vak.",
  newConversation: "Begin een nieuw gesprek",
  over: "Dit gesprek is voorbij en gewist.",
  endSoon: "Ben je er nog? Over {minutes} wissen we dit gesprek.",
  minute: "1 minuut",
  minutes: "{count} minuten",
  stay: "Ja, ga verder",
  stayed: "Je gesprek gaat verder.",
  ended: "Je schreef een tijd niets. Je gesprek is gewist.",
  wiped: "Je gesprek is gewist. Je kan opnieuw beginnen.",
  resumed: "Je gesprek gaat verder. Dit zei de assistent het laatst.",
  sensitive: "Voor je veiligheid: ga je naar een andere pagina, dan is dit gesprek meteen weg.",
  warnPrint: "Let op: wie dit blad vindt, weet waarover je praatte. Print je toch?",
  warnSave: "Let op: wie dit bestand vindt, weet waarover je praatte. Bewaar je het toch?",
  yes: "Ja",
  no: "Nee",
  opens: "(opent in een nieuw venster)",
  file: "tekst.txt",
  paper: "Informatie",
};

/** A text with its {names} replaced. */
export function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** "1 minuut", "2 minuten". */
export function minutes(count) {
  return count === 1 ? strings.minute : fill(strings.minutes, { count });
}

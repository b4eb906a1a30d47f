/* Finding stops and messages: by words that all have to occur, and by `name=value`. */

function fold(text) {
  return text.toLowerCase();
}

/* Adds "term=2", "entries[0].value=1" and so on of everything in a JSON value. */
function addFacts(into, prefix, name, value) {
  if (value !== null && typeof value === 'object') {
    for (const [key, member] of Object.entries(value))
      addFacts(into, prefix, Array.isArray(value) ? `${name}[${key}]` : name ? `${name}.${key}` : key, member);
    return;
  }
  const text = value === null ? 'nobody' : String(value);
  into.add(fold(`${name}=${text}`));
  if (prefix)
    into.add(fold(`${prefix}.${name}=${text}`));
}

function messageEntry(message) {
  const entry = { words: fold(`${message.from} → ${message.to}: ${message.text} ${message.fate}`), facts: new Set() };
  addFacts(entry.facts, '', '', message.message);
  return entry;
}

/* What is said of a stop, and the fields that get a value in it (at the first one: have it). */
function stopEntry(trace, stop, messageEntries) {
  const label = labelOf(trace, stop);
  const words = [label.tag, label.what, label.who, ...stop.rows.map((row) => row.explanation ?? '')];
  const entry = { facts: new Set() };
  trace.nodes.forEach((node, index) => {
    const all = !stop.before;
    for (const row of nodeRows(trace, stop, index).filter((candidate) => all || candidate.changed)) {
      addFacts(entry.facts, node.name, row.field.name, row.value);
      words.push(all ? '' : `${node.name} ${row.field.name} ${piecesText(fieldPieces(row.field, row.value, NOTHING, ''))}`);
    }
  });
  for (const row of stop.rows)
    for (const announced of row.announced) {
      words.push(announced.by, announced.text);
      addFacts(entry.facts, '', '', announced.value);
    }
  const received = eventOf(stop)?.received;
  const messages = sentAt(trace, stop).map((message) => message.index).concat(received ?? []);
  for (const index of messages) {
    words.push(messageEntries[index].words);
    messageEntries[index].facts.forEach((fact) => entry.facts.add(fact));
  }
  entry.words = fold([...words, stop.world.fingerprint ?? ''].join(' '));
  return entry;
}

/* Made when it is first needed. */
function makeIndex(trace) {
  const messages = trace.messages.map(messageEntry);
  return { messages, stops: trace.stops.map((stop) => stopEntry(trace, stop, messages)) };
}

/* A word with "=" is a fact, and otherwise, like all words, a part of the text. */
function matches(entry, terms) {
  return terms.every((term) => entry.words.includes(term) || (term.includes('=') && entry.facts.has(term)));
}

/* {stops: Set of indices, in order, messages: Set of indices}; null for a query without words. */
function findAll(index, query) {
  const terms = fold(query).split(/\s+/).filter(Boolean);
  if (!terms.length)
    return null;
  const numbers = (entries) => new Set(entries.flatMap((entry, number) => (matches(entry, terms) ? [number] : [])));
  return { stops: numbers(index.stops), messages: numbers(index.messages) };
}

/* The next (direction 1) or previous (-1) match, round the end; undefined: there is none. */
function nextMatch(found, from, direction) {
  const stops = [...found.stops];
  const ahead = direction > 0 ? stops.filter((stop) => stop > from) : stops.filter((stop) => stop < from).reverse();
  return ahead[0] ?? (direction > 0 ? stops[0] : stops[stops.length - 1]);
}

/* The trace: what the page's JSON says (traces/json_chart.h describes it), made ready to be stepped through. Nothing here
 * knows of the page.
 *
 * A stop is what can be stepped to: the initial state (with the STARTs that did nothing worth a row), any other START,
 * each step. It has `rows`, the JSON's rows that it covers, the last of which is `row` (-1: none); `states` by node and
 * `monitors` by name after it; `before`, the stop before (null: there is none). */

function readTrace(text) {
  const data = JSON.parse(text);
  const trace = {
    data,
    header: data.header,
    nodes: data.nodes,
    nodeIndex: new Map(data.nodes.map((node, index) => [node.name, index])),
    messages: data.messages.map((message, index) => ({ ...message, index, deliveries: [] })),
    monitorNames: Object.keys(data.monitors),
    stops: [],
    stopOfRow: [],
  };
  trace.schemas = trace.nodes.map((node) => data.roles[node.role].fields);
  joinDeliveries(trace);
  makeStops(trace);
  trace.last = trace.stops.length - 1;
  trace.zero = trace.stopOfRow[trace.data.rows.filter((row) => row.step === 0).length - 1] ?? 0;
  return trace;
}

function joinDeliveries(trace) {
  trace.data.rows.forEach((row, index) => {
    const happened = row.result === 'step' || row.result === 'misbehaved';
    if (row.received !== undefined && row.event !== 'drop' && happened)
      trace.messages[row.received].deliveries.push(index);
  });
}

/* ---- Stops ---- */

function makeStops(trace) {
  const rows = trace.data.rows;
  let stop = newStop(trace, null);
  rows.forEach((row, index) => {
    const previous = rows[index - 1];
    const joins = row.silent && (index === 0 || previous.silent);
    if (!joins)
      stop = newStop(trace, stop);
    addRow(trace, stop, row, index);
  });
}

/* Of a node whose init misbehaved. */
const noState = { fields: {}, timers: {}, up: true };

function newStop(trace, before) {
  const initial = trace.data.initial;
  const stop = {
    index: trace.stops.length,
    before,
    rows: [],
    row: before ? before.row : -1,
    number: 0,
    states: before ? before.states.slice() : trace.nodes.map((node) => initial.states?.[node.name] ?? noState),
    monitors: before ? before.monitors : initial.monitors ?? {},
    world: initial, /* whence cut, spent and fingerprint come */
  };
  trace.stops.push(stop);
  return stop;
}

function addRow(trace, stop, row, index) {
  stop.rows.push(row);
  stop.row = index;
  stop.number = row.step;
  stop.world = row;
  for (const [name, state] of Object.entries(row.states))
    stop.states[trace.nodeIndex.get(name)] = state;
  stop.monitors = { ...stop.monitors, ...row.monitors };
  trace.stopOfRow[index] = stop.index;
}

/* "step=7"; STARTs that have a stop of their own are counted by "start=1". */
function stopHash(trace, stop) {
  return stop.index >= trace.zero ? `step=${stop.number}` : `start=${stop.index}`;
}

/* The index of the stop that such a text names; -1: it names none. */
function stopOfHash(trace, hash) {
  const [, kind, digits] = /^#?(step|start)=(\d{1,9})$/.exec(hash) ?? [];
  const index = Number(digits) + (kind === 'step' ? trace.zero : 0);
  return kind && index <= trace.last ? index : -1;
}

/* ---- What a stop is about ---- */

/* The one row that the stop is about; null: the initial state. */
function eventOf(stop) {
  const row = stop.rows[0];
  return row && !(stop.index === 0 && row.silent) ? row : null;
}

function plural(count, noun) {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/* How it ends: {kind: "bad" | "good" | "plain", short, long, tells: is the reason worth telling with it}. */
function verdictOf(trace) {
  const { property, kind } = trace.header;
  const steps = plural(trace.stops[trace.last].number, 'step');
  switch (trace.data.end.result) {
    case 'violated':
      return kind === 'reachable'
        ? { kind: 'good', short: `met in ${steps}`, long: `${property} is met`, tells: true }
        : { kind: 'bad', short: `violated in ${steps}`, long: `${property} is violated`, tells: true };
    case 'sampled':
      return { kind: 'plain', short: `sample of ${steps}`, long: 'nothing is claimed of a sample', tells: false };
    case 'held':
      return { kind: 'plain', short: `${kind === 'reachable' ? 'not met' : 'not violated'} after ${steps}`, long: trace.data.end.reason, tells: false };
    default:
      return { kind: 'bad', short: `stops at step ${trace.data.end.step}`, long: 'the trace does not go on', tells: true };
  }
}

/* Is it where the property is violated, or where the trace does not go on? */
function isBad(trace, stop) {
  return stop.index === trace.last && verdictOf(trace).kind === 'bad';
}

/* Indices of the nodes that the stop's event happens at: a host may have several; none for drops, partitions, heals. */
function moversOf(trace, stop) {
  const row = eventOf(stop);
  if (!row || row.event === 'drop')
    return [];
  const names = row.start ? stop.rows.map((start) => start.start) : row.nodes ?? [row.node ?? row.to];
  return names.filter((name) => name !== undefined).map((name) => trace.nodeIndex.get(name));
}

/* {tag: "crash", what: "baton {number 1}", who: "station0 → station1"}. */
function labelOf(trace, stop) {
  const row = eventOf(stop);
  if (!row)
    return { tag: '', what: 'initial state', who: '' };
  if (row.start)
    return { tag: 'start', what: row.text.slice(`start ${row.start}`.length).trim(), who: stop.rows.map((r) => r.start).join(', ') };
  if (row.from)
    return {
      tag: row.event === 'deliver' ? '' : row.event,
      what: row.text.slice(row.text.indexOf(': ') + 2),
      who: `${row.from} → ${row.to}`,
    };
  if (row.event === 'timer' || row.event === 'local')
    return { tag: '', what: row.text.slice(`${row.node}: `.length), who: row.node };
  return { tag: row.event, what: row.text.slice(row.event.length).trim(), who: '' };
}

/* The messages that the stop's rows sent. */
function sentAt(trace, stop) {
  return stop.rows.flatMap((row) => trace.messages.slice(row.sent[0], row.sent[0] + row.sent[1]));
}

/* In flight after the stop. */
function inFlightAt(trace, stop) {
  return trace.messages.filter((m) => m.sent <= stop.row && (m.gone === undefined || m.gone > stop.row));
}

/* Lost in this stop without having been sent in it: a crash empties channels. */
function lostAt(trace, stop) {
  return trace.messages.filter((m) => m.fate === 'lost' && m.end === stop.row && m.sent < stop.row);
}

/* ---- Values as text, with what changed ----
 *
 * A value becomes pieces: {text, mark: "" | "old" | "new", path: of a value without parts; absent: punctuation}. What
 * changed is "old" and then "new"; NOTHING as the old value: nothing is compared. The text is that of `gainsay show`. */

const NOTHING = Symbol('nothing to compare with');

function sameValue(a, b) {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function leafText(kind, value) {
  if (value === undefined)
    return '?';
  return value === null && kind === 'node' ? 'nobody' : String(value);
}

function leafPieces(kind, value, old, path) {
  const now = { text: leafText(kind, value), mark: '', path };
  if (old === NOTHING || sameValue(value, old))
    return [now];
  now.mark = 'new';
  return old === undefined ? [now] : [{ text: leafText(kind, old), mark: 'old' }, { text: ' → ', mark: '' }, now];
}

/* Everything in the pieces is marked. */
function marked(pieces, mark) {
  return pieces.map((piece) => (mark === 'old' ? { text: piece.text, mark } : { ...piece, mark }));
}

function separated(open, parts, close) {
  const pieces = [{ text: open, mark: '' }];
  parts.forEach((part, index) => pieces.push(...(index ? [{ text: ', ', mark: '' }] : []), ...part));
  pieces.push({ text: close, mark: '' });
  return pieces;
}

/* Members in the order of the old and then of the new ones: {server0, server1}. */
function setPieces(value, old, path) {
  const now = value ?? [];
  const was = old === NOTHING ? now : old ?? [];
  const parts = was.filter((name) => !now.includes(name)).map((name) => [{ text: name, mark: 'old' }]);
  for (const name of now)
    parts.push([{ text: name, mark: was.includes(name) ? '' : 'new', path: `${path}{${name}}` }]);
  return separated('{', parts, '}');
}

function elementPieces(field, value, old, path) {
  if (field.kind === 'set')
    return setPieces(value, old, path);
  if (field.kind !== 'struct')
    return leafPieces(field.kind, value, old, path);
  const before = (member) => (old === NOTHING ? NOTHING : old?.[member.name]);
  const parts = field.fields.map((member) => [
    { text: `${member.name} `, mark: '' },
    ...fieldPieces(member, value?.[member.name], before(member), `${path}.${member.name}`),
  ]);
  return separated('(', parts, ')');
}

function listPieces(field, value, old, path) {
  const now = value ?? [];
  const was = old === NOTHING ? now : old ?? [];
  const parts = now.map((element, index) => {
    const at = `${path}[${index}]`;
    if (index >= was.length)
      return marked(elementPieces(field, element, NOTHING, at), 'new');
    return elementPieces(field, element, old === NOTHING ? NOTHING : was[index], at);
  });
  for (const element of was.slice(now.length))
    parts.push(marked(elementPieces(field, element, NOTHING, path), 'old'));
  return separated('[', parts, ']');
}

function byNodePieces(field, value, old, path) {
  const parts = Object.keys(value ?? {}).map((name) => [
    { text: `${name}: `, mark: '' },
    ...elementPieces(field, value[name], old === NOTHING ? NOTHING : old?.[name], `${path}[${name}]`),
  ]);
  return separated('[', parts, ']');
}

function fieldPieces(field, value, old, path) {
  if (field.shape === 'by node')
    return byNodePieces(field, value, old, path);
  return field.shape === 'list' ? listPieces(field, value, old, path) : elementPieces(field, value, old, path);
}

function piecesText(pieces) {
  return pieces.map((piece) => piece.text).join('');
}

/* A node's or a monitor's fields: [{field, value, old, changed}]. */
function fieldRows(schema, fields, old) {
  return schema.map((field) => {
    const value = fields[field.name];
    const before = old === NOTHING ? NOTHING : old[field.name];
    return { field, value, old: before, changed: before !== NOTHING && !sameValue(value, before) };
  });
}

/* The fields of a node after a stop, compared with the stop before. */
function nodeRows(trace, stop, node) {
  const old = stop.before ? stop.before.states[node].fields : NOTHING;
  return fieldRows(trace.schemas[node], stop.states[node].fields, old);
}

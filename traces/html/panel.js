/* What is to be known of one stop: the event and what it did, every node's state with what changed, the messages in
 * flight, monitors, faults spent. Text from the trace is set as text, never as markup. */

/* html('p', {class: 'note'}, 'some ', html('b', {}, 'text')). */
function html(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes ?? {}))
    if (value !== undefined && value !== false)
      element.setAttribute(key, value);
  element.append(...children.flat());
  return element;
}

/* Pieces of a value (trace.js) as elements: old ones struck out, new ones marked, and what they are by data-path. */
function pieceElements(pieces) {
  return pieces.map((piece) => {
    if (piece.mark === 'old')
      return html('del', {}, piece.text);
    const name = piece.mark === 'new' ? 'ins' : 'span';
    return piece.path === undefined && !piece.mark ? piece.text : html(name, { 'data-path': piece.path }, piece.text);
  });
}

/* ---- The event ---- */

/* Nanoseconds, as "1.204016 s". */
function timeText(nanoseconds) {
  const microseconds = Math.floor(nanoseconds / 1000);
  return `${Math.floor(microseconds / 1000000)}.${String(microseconds % 1000000).padStart(6, '0')} s`;
}

function titleOf(trace, stop) {
  if (stop.index < trace.zero)
    return stop.rows.length ? 'Before the first step' : 'Before any start';
  const at = eventOf(stop)?.at; /* of a run with a clock */
  const when = at === undefined ? '' : `, at ${timeText(at)}`;
  return stop.number ? `Step ${stop.number} of ${trace.stops[trace.last].number}${when}` : 'Initial state';
}

function clockText(stop) {
  const clock = eventOf(stop)?.clock; /* if a handler looked at it */
  return clock === undefined ? '' : `its clock shows ${timeText(clock)}`;
}

function eventLine(trace, stop) {
  const label = eventOf(stop) ? labelOf(trace, stop) : { tag: '', what: 'before the first event', who: '' };
  return html('p', { class: 'event' },
    label.tag ? html('b', { class: `tag ${label.tag}` }, label.tag) : '', label.tag ? ' ' : '',
    label.who ? html('span', { class: 'who' }, label.who) : '', label.who && label.what ? ': ' : '', html('span', {}, label.what));
}

const fateTexts = {
  lost: 'lost: the receiver was down',
  absorbed: 'absorbed: an equal one is in flight',
};

/* One line for equal messages, which differ in their receivers at most. */
function messageItem(diagram, messages, verb, note) {
  const [message] = messages;
  const to = messages.map((m) => m.to).join(', ');
  const who = verb ? to : `${message.from} → ${to}`;
  return html('li', { class: colourOf(diagram, message), 'data-messages': messages.map((m) => m.index).join(' ') },
    verb ? html('b', {}, verb) : '', verb ? ' ' : '', html('span', { class: 'name' }, message.text),
    verb ? ' to ' : ' ', html('span', { class: 'who' }, who), note ? html('span', { class: 'note' }, ` ${note}`) : '');
}

/* Neighbours with the same key stand together. */
function grouped(list, keyOf) {
  const groups = [];
  list.forEach((item, index) => {
    if (index && keyOf(item) === keyOf(list[index - 1]))
      groups[groups.length - 1].push(item);
    else
      groups.push([item]);
  });
  return groups;
}

function effectItems(diagram, stop) {
  const { trace } = diagram;
  const movers = moversOf(trace, stop).map((node) => trace.nodes[node].name);
  const by = (name) => (movers.length === 1 && movers[0] === name ? '' : `${name} `);
  const atOnce = (m) => (m.fate === 'absorbed' || (m.fate === 'lost' && m.end === m.sent) ? `(${fateTexts[m.fate]})` : '');
  const groups = grouped(sentAt(trace, stop), (m) => `${m.from} ${atOnce(m)} ${m.text}`);
  const items = groups.map((group) => messageItem(diagram, group, `${by(group[0].from)}sends`, atOnce(group[0])));
  for (const row of stop.rows)
    for (const announced of row.announced)
      items.push(html('li', {}, html('b', {}, `${by(announced.by)}announces`), ' ', announced.text));
  for (const message of lostAt(trace, stop))
    items.push(messageItem(diagram, [message], '', '(lost in the crash)'));
  return items;
}

/* A delivery that changed nothing says so, unless it had an effect. */
function nothingText(stop, items) {
  const row = eventOf(stop);
  if (!row || items.length || row.result !== 'step' || Object.keys(row.states).length)
    return '';
  return row.event === 'deliver' || row.event === 'duplicate' ? 'ignored: it changes nothing but the message' : '';
}

function receivedText(diagram, stop) {
  const row = eventOf(stop);
  if (row?.received === undefined)
    return '';
  const { trace } = diagram;
  const sender = trace.stops[trace.stopOfRow[trace.messages[row.received].sent]];
  const again = trace.messages[row.received].deliveries.indexOf(stop.row) > 0 ? ', delivered before' : '';
  return (sender.number ? `sent in step ${sender.number}` : 'sent at the start') + again;
}

/* Why the trace ends here, or why the event was no step. */
function outcomeNote(trace, stop) {
  const row = eventOf(stop);
  const end = trace.data.end;
  if (row?.result === 'misbehaved')
    return html('p', { class: 'callout bad' }, html('b', {}, 'the handler misbehaves: '), row.explanation ?? end.reason);
  if (stop.index !== trace.last)
    return '';
  return html('p', { class: `callout ${verdictOf(trace).kind}` }, html('b', {}, `${verdictOf(trace).long}`), end.reason && verdictOf(trace).tells ? `: ${end.reason}` : '');
}

/* ---- Nodes ---- */

/* Characters that the values beside these names have room for; a longer one flows on under its name. */
function roomBeside(rows) {
  return 25 - Math.min(14, Math.max(0, ...rows.map((row) => row.field.name.length)));
}

function fieldRow(row, prefix, room) {
  const pieces = fieldPieces(row.field, row.value, row.old, `${prefix}.${row.field.name}`);
  const wide = piecesText(pieces).length > room || row.field.name.length > 14;
  const durable = row.field.durable ? { class: 'durable', title: 'durable: survives a crash' } : {};
  return html('div', { class: `field${row.changed ? ' changed' : ''}${wide ? ' wide' : ''}` },
    html('dt', {}, html('span', durable, row.field.name)), ' ', html('dd', {}, pieceElements(pieces)));
}

function timerRow(state, old, prefix, room) {
  const names = Object.keys(state.timers);
  const was = old === NOTHING ? NOTHING : Object.keys(old.timers);
  if (!names.length && (was === NOTHING || !was.length))
    return '';
  const changed = was !== NOTHING && !sameValue(names, was);
  const pieces = setPieces(names, was, `${prefix}.timers`);
  const wide = piecesText(pieces).length > room;
  return html('div', { class: `field${changed ? ' changed' : ''}${wide ? ' wide' : ''}` }, html('dt', {}, 'timers'), ' ',
    html('dd', {}, pieceElements(pieces)));
}

function upMark(state, old) {
  const changed = old !== NOTHING && old.up !== state.up;
  if (state.up && !changed)
    return '';
  const now = state.up ? 'up' : 'down';
  return html('span', { class: `up-mark ${now}` }, ...pieceElements(changed ? [{ text: old.up ? 'up' : 'down', mark: 'old' }, { text: ' → ', mark: '' }, { text: now, mark: 'new' }] : [{ text: now, mark: '' }]));
}

function nodeCard(trace, stop, node) {
  const { name } = trace.nodes[node];
  const state = stop.states[node];
  const old = stop.before ? stop.before.states[node] : NOTHING;
  const fields = nodeRows(trace, stop, node);
  const rows = fields.map((row) => fieldRow(row, name, roomBeside(fields)));
  const timers = timerRow(state, old, name, roomBeside(fields));
  const changed = old !== NOTHING && !sameValue(state, old);
  const moves = moversOf(trace, stop).includes(node);
  return html('section', { class: ['card', changed ? 'changed' : '', state.up ? '' : 'down', moves ? 'moves' : ''].filter(Boolean).join(' '), 'data-node': name, 'aria-label': name },
    html('h4', {}, name, ' ', upMark(state, old)),
    rows.length || timers ? html('dl', {}, rows, timers) : html('p', { class: 'note' }, '(no state)'));
}

/* ---- The rest ---- */

/* "new", "since step 3", "since step 3, delivered": in `set`, and after a duplication, it may come again. */
function flightNote(trace, stop, message) {
  const sender = trace.stops[trace.stopOfRow[message.sent]];
  const since = sender.index === stop.index ? 'new' : sender.number ? `since step ${sender.number}` : 'since the start';
  return since + (message.deliveries.some((row) => row <= stop.row) ? ', delivered' : '');
}

function flightItems(diagram, stop) {
  const { trace } = diagram;
  const groups = grouped(inFlightAt(trace, stop), (m) => `${m.from} ${flightNote(trace, stop, m)} ${m.text}`);
  return groups.map((group) => {
    const item = messageItem(diagram, group, '', flightNote(trace, stop, group[0]));
    item.classList.toggle('fresh', trace.stopOfRow[group[0].sent] === stop.index);
    return item;
  });
}

function monitorTables(trace, stop) {
  return trace.monitorNames.map((name) => {
    const schema = trace.data.monitors[name].fields;
    const old = stop.before ? stop.before.monitors[name] : NOTHING;
    const rows = fieldRows(schema, stop.monitors[name] ?? {}, old);
    return html('section', { class: `card${rows.some((row) => row.changed) ? ' changed' : ''}`, 'data-monitor': name },
      html('h4', {}, name), html('dl', {}, rows.map((row) => fieldRow(row, name, roomBeside(rows)))));
  });
}

function facts(trace, stop) {
  const list = [];
  const { spent, cut, fingerprint } = stop.world;
  if (cut)
    list.push(['cut', cut.map((side) => side.join(', ')).join(' | ')]);
  const used = Object.entries(trace.header.budgets).map(([name, budget]) => `${name} ${spent?.[name] ?? 0} of ${budget}`);
  if (used.length)
    list.push(['faults spent', used.join(', ')]);
  if (fingerprint)
    list.push(['fingerprint', fingerprint]);
  return html('dl', { class: 'facts' }, list.flatMap(([name, value]) => [html('dt', {}, name), html('dd', {}, value)]));
}

function section(title, ...content) {
  return html('section', {}, html('h3', {}, title), ...content);
}

/* Replaces what the panel shows; scrolled down only as far as the first node that changed is out of sight. */
function fillPanel(panel, diagram, stop) {
  const { trace } = diagram;
  const items = effectItems(diagram, stop);
  const flying = flightItems(diagram, stop);
  const shown = trace.nodes.map((node, index) => index).filter((index) => !diagram.hidden.has(index));
  const notes = [receivedText(diagram, stop), clockText(stop), nothingText(stop, items)].filter(Boolean).join('; ');
  panel.replaceChildren(
    html('div', { class: 'head' }, html('h2', {}, titleOf(trace, stop)), eventLine(trace, stop)), notes ? html('p', { class: 'note' }, notes) : '',
    items.length ? html('ul', { class: 'effects' }, items) : '', outcomeNote(trace, stop),
    html('div', { class: 'cards' }, shown.map((node) => nodeCard(trace, stop, node))),
    section(`In flight: ${inFlightAt(trace, stop).length || 'nothing'}`, html('ul', { class: 'flight' }, flying)),
    trace.monitorNames.length ? section('Monitors', html('div', { class: 'cards' }, monitorTables(trace, stop))) : '',
    facts(trace, stop));
  panel.scrollTop = 0;
  panel.style.setProperty('--head', `${panel.querySelector('.head').offsetHeight}px`);
  panel.querySelector('.card.changed[data-node]')?.scrollIntoView({ block: 'nearest' });
}

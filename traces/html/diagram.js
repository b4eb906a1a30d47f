/* The space-time diagram: a column per node, a row per stop, arrows from the event that sent a message to the one that
 * took it. All sizes are in CSS pixels. */

const ROW = 26; /* height */
const SVG = 'http://www.w3.org/2000/svg';
const MARGIN = 40; /* on the right, for names of values */
const COLOURS = 8; /* of messages; there are as many --message-k in the style sheet */
const TINTS = 7; /* of lifelines */

function svg(name, attributes, ...children) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes))
    element.setAttribute(key, value);
  element.append(...children);
  return element;
}

function titled(element, text) {
  element.append(svg('title', {}, text));
  return element;
}

/* diagram: {trace, types (names, in order of colour), hidden (node indices), track (name of a field, or ""), columns (x by
 * node; undefined: hidden), width, root, arrows (by message)}. */
function newDiagram(trace) {
  const types = [...new Set(trace.messages.map((message) => message.message.type))];
  return { trace, types, hidden: new Set(), track: defaultTrack(trace) };
}

function colourOf(diagram, message) {
  return `colour-${diagram.types.indexOf(message.message.type) % COLOURS}`;
}

function yOf(stop) {
  return stop * ROW + ROW / 2;
}

function isShown(diagram, ...names) {
  return names.every((name) => !diagram.hidden.has(diagram.trace.nodeIndex.get(name)));
}

/* Columns share the width that is there, within bounds. */
function layOut(diagram, available) {
  const shown = diagram.trace.nodes.length - diagram.hidden.size;
  const column = Math.max(60, Math.min(170, Math.floor((available - MARGIN) / Math.max(shown, 1))));
  let place = 0;
  diagram.columns = diagram.trace.nodes.map((node, index) =>
    diagram.hidden.has(index) ? undefined : column * (place++ + 0.5));
  diagram.column = column;
  diagram.width = column * shown + MARGIN;
  diagram.height = diagram.trace.stops.length * ROW + ROW / 2;
}

function drawDiagram(diagram, available) {
  layOut(diagram, available);
  diagram.arrows = diagram.trace.messages.map(() => []);
  diagram.bands = svg('g', { class: 'bands' });
  diagram.root = svg('svg', { width: diagram.width, height: diagram.height, role: 'img',
    'aria-label': 'Lifelines and messages; the list of events says the same in words' },
  diagram.bands, drawCuts(diagram), drawLifelines(diagram), drawMessages(diagram), drawEvents(diagram), drawTrackNames(diagram));
  return diagram.root;
}

/* ---- Lifelines ---- */

/* Runs of stops over which valueAt stays the same: [{from, to (included), value}]. */
function runsOf(trace, valueAt) {
  const runs = [];
  trace.stops.forEach((stop, index) => {
    const value = valueAt(stop);
    const run = runs[runs.length - 1];
    if (run && run.value === value)
      run.to = index;
    else
      runs.push({ from: index, to: index, value });
  });
  return runs;
}

/* From the event that began it to the one that ended it. */
function runEnds(diagram, run) {
  const last = diagram.trace.last;
  return [run.from === 0 ? 0 : yOf(run.from), run.to === last ? diagram.height : yOf(run.to + 1)];
}

function drawLifelines(diagram) {
  const group = svg('g', { class: 'lifelines' });
  diagram.columns.forEach((x, node) => {
    if (x === undefined)
      return;
    drawTrack(diagram, node, x, group);
    for (const run of runsOf(diagram.trace, (stop) => stop.states[node].up)) {
      const [y1, y2] = runEnds(diagram, run);
      group.append(svg('line', { x1: x, x2: x, y1, y2, class: run.value ? 'lifeline' : 'lifeline down' }));
    }
  });
  return group;
}

/* Fields that a lifeline can show: those of one value. */
function trackFields(trace) {
  const names = new Set();
  for (const schema of trace.schemas)
    for (const field of schema)
      if (field.shape === 'one' && field.kind !== 'struct' && field.kind !== 'set')
        names.add(field.name);
  return [...names];
}

/* The first enum, else the first flag. */
function defaultTrack(trace) {
  const fields = trace.schemas.flat().filter((field) => field.shape === 'one');
  return (fields.find((field) => field.kind === 'enum') ?? fields.find((field) => field.kind === 'bool'))?.name ?? '';
}

/* Runs of the tracked field's text at a node; of a node that is down: null. */
function trackRuns(diagram, node) {
  const field = diagram.trace.schemas[node].find((candidate) => candidate.name === diagram.track);
  if (!field)
    return [];
  const text = (stop) => leafText(field.kind, stop.states[node].fields[field.name]);
  return runsOf(diagram.trace, (stop) => (stop.states[node].up ? text(stop) : null)).map((run) => ({ ...run, field }));
}

/* The same value has the same tint at all nodes; the first one has none. */
function tintOf(diagram, run) {
  const values = run.field.kind === 'bool' ? ['false', 'true'] : run.field.values ?? diagram.trackValues;
  if (!values.includes(run.value))
    values.push(run.value);
  const index = values.indexOf(run.value);
  return index === 0 ? 'tint-none' : `tint-${(index - 1) % TINTS}`;
}

function drawTrack(diagram, node, x, group) {
  diagram.trackValues ??= [];
  for (const run of trackRuns(diagram, node)) {
    const [y1, y2] = runEnds(diagram, run);
    if (run.value !== null)
      group.append(svg('rect', { x: x - 7, y: y1, width: 14, height: y2 - y1, rx: 4, class: `track ${tintOf(diagram, run)}` }));
  }
}

/* As much of a text as a width has room for. */
function shortened(text, width) {
  const length = Math.max(3, Math.floor(width / 6.4));
  return text.length > length ? `${text.slice(0, length - 1)}…` : text;
}

/* The value where it changes, and at the top; over everything else. */
function drawTrackNames(diagram) {
  const group = svg('g', { class: 'track-names' });
  diagram.columns.forEach((x, node) => {
    const runs = x === undefined ? [] : trackRuns(diagram, node);
    const room = Math.min(diagram.column, diagram.width - x) - 15;
    for (const run of runs)
      if (run.value !== null)
        group.append(titled(svg('text', { x: x + 13, y: yOf(run.from) + (run.from ? -6 : 4) }, shortened(run.value, room)), run.value));
  });
  return group;
}

/* ---- Partitions: the two sides are shaded differently while they are cut ---- */

function drawCuts(diagram) {
  const group = svg('g', { class: 'cuts' });
  const runs = runsOf(diagram.trace, (stop) => (stop.world.cut ? JSON.stringify(stop.world.cut) : ''));
  for (const run of runs.filter((candidate) => candidate.value)) {
    const sides = JSON.parse(run.value);
    const [y1, y2] = runEnds(diagram, run);
    diagram.columns.forEach((x, node) => {
      if (x === undefined)
        return;
      const side = sides[0].includes(diagram.trace.nodes[node].name) ? 'one' : 'other';
      const rect = { x: x - diagram.column / 2, y: y1, width: diagram.column, height: y2 - y1 };
      group.append(titled(svg('rect', { ...rect, class: `side ${side}` }), `cut: ${sides.map((s) => s.join(', ')).join(' | ')}`));
    });
  }
  return group;
}

/* ---- Messages ---- */

function drawMessages(diagram) {
  const group = svg('g', { class: 'messages' });
  for (const message of diagram.trace.messages)
    if (isShown(diagram, message.from, message.to))
      drawMessage(diagram, message, group);
  return group;
}

function drawMessage(diagram, message, group) {
  const { trace } = diagram;
  const add = (element, description, row) => {
    element.dataset.row = row ?? '';
    element.classList.add('message', colourOf(diagram, message));
    titled(element, `${message.from} → ${message.to}: ${message.text} (${description})`);
    diagram.arrows[message.index].push(element);
    group.append(element);
  };
  message.deliveries.forEach((row, index) =>
    add(drawDelivery(diagram, message, trace.stopOfRow[row]), index ? 'delivered again' : 'delivered', row));
  if (message.fate === 'dropped' || message.fate === 'lost')
    add(drawLoss(diagram, message, trace.stopOfRow[message.end]), message.fate, message.end);
  else if (message.fate === 'absorbed')
    add(drawStub(diagram, message, 'absorbed'), 'absorbed: an equal one was in flight');
  else if (!message.deliveries.length)
    add(drawStub(diagram, message, 'open'), 'still in flight at the end');
}

/* x and y where it starts and where it goes to. */
function endsOf(diagram, message, stop) {
  const x1 = diagram.columns[diagram.trace.nodeIndex.get(message.from)];
  const x2 = diagram.columns[diagram.trace.nodeIndex.get(message.to)];
  return { x1, y1: yOf(diagram.trace.stopOfRow[message.sent]), x2, y2: yOf(stop) };
}

function arrowHead(x, y, angle) {
  const corner = (turn) => `${x - 9 * Math.cos(angle + turn)},${y - 9 * Math.sin(angle + turn)}`;
  return svg('polygon', { points: `${x},${y} ${corner(0.4)} ${corner(-0.4)}`, class: 'head' });
}

/* A line that can be pointed at: a wide one that is not seen below it. */
function lineOf(d, kind) {
  return [svg('path', { d, class: 'aim' }), svg('path', { d, class: `line ${kind}` })];
}

function drawDelivery(diagram, message, stop) {
  const { x1, y1, x2, y2 } = endsOf(diagram, message, stop);
  if (x1 === x2) { /* to itself: a bow to the right */
    const reach = x1 + Math.min(40, diagram.column / 2 - 6);
    return svg('g', {}, ...lineOf(`M${x1},${y1} C${reach},${y1} ${reach},${y2} ${x1 + 7},${y2}`, ''), arrowHead(x1 + 6, y2, Math.PI));
  }
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const [x, y] = [x2 - 6 * Math.cos(angle), y2 - 6 * Math.sin(angle)];
  return svg('g', {}, ...lineOf(`M${x1},${y1} L${x},${y}`, ''), arrowHead(x, y, angle));
}

function cross(x, y, size) {
  return svg('path', { d: `M${x - size},${y - size} l${2 * size},${2 * size} m0,${-2 * size} l${-2 * size},${2 * size}`, class: 'cross' });
}

function drawLoss(diagram, message, stop) {
  const { x1, y1, x2, y2 } = endsOf(diagram, message, stop);
  const x = x1 === x2 ? x1 + diagram.column / 3 : x2 - 24 * Math.sign(x2 - x1);
  const y = y1 === y2 ? y1 + ROW * 0.35 : y2;
  return svg('g', { class: 'lost' }, ...lineOf(`M${x1},${y1} L${x},${y}`, ''), cross(x, y, 4));
}

/* Short, and fanned out, so that those of a broadcast are told apart. */
function drawStub(diagram, message, kind) {
  const { x1, y1, x2 } = endsOf(diagram, message, 0);
  const distance = Math.max(1, Math.round(Math.abs(x2 - x1) / diagram.column));
  const reach = Math.min(15 + 12 * distance, diagram.column * 0.85);
  const x = x1 + (x2 < x1 ? -reach : reach);
  const y = y1 + ROW * Math.max(0.12, 0.62 - 0.14 * (distance - 1));
  const mark = kind === 'open' ? svg('circle', { cx: x, cy: y, r: 2.5, class: 'tip' }) : svg('path', { d: `M${x},${y - 4} v8`, class: 'line' });
  return svg('g', { class: kind }, ...lineOf(`M${x1},${y1} L${x},${y}`, 'dashed'), mark);
}

/* ---- Events ---- */

const glyphs = {
  timer: (x, y) => [svg('circle', { cx: x, cy: y, r: 6, class: 'hollow' }), svg('path', { d: `M${x},${y - 3.5} V${y} H${x + 3}`, class: 'stroke' })],
  local: (x, y) => [svg('path', { d: `M${x},${y - 6} l6,6 l-6,6 l-6,-6 z`, class: 'solid' })],
  start: (x, y) => [svg('path', { d: `M${x - 4},${y - 5} l9,5 l-9,5 z`, class: 'solid' })],
  crash: (x, y) => [svg('circle', { cx: x, cy: y, r: 8, class: 'hollow bare' }), cross(x, y, 5)],
  restart: (x, y) => [svg('path', { d: `M${x},${y - 6} l6,10 h-12 z`, class: 'hollow good' })],
  reboot: (x, y) => [svg('circle', { cx: x, cy: y, r: 8, class: 'hollow bare' }),
    svg('path', { d: `M${x + 3},${y - 4.5} A5.5,5.5 0 1 1 ${x - 3},${y - 4.5}`, class: 'stroke fault' }),
    svg('path', { d: `M${x - 3},${y - 8.5} v4.5 h-4.5`, class: 'stroke fault' })],
  deliver: (x, y) => [svg('circle', { cx: x, cy: y, r: 4.5, class: 'solid' })],
  ignored: (x, y) => [svg('circle', { cx: x, cy: y, r: 4.5, class: 'hollow' })],
  duplicate: (x, y) => [svg('circle', { cx: x, cy: y, r: 7.5, class: 'hollow' }), svg('circle', { cx: x, cy: y, r: 4, class: 'solid' })],
};

/* A delivery that did nothing is drawn hollow. */
function glyphOf(stop) {
  const row = eventOf(stop);
  if (row.start)
    return 'start';
  const does = row.result === 'misbehaved' || Object.keys(row.states).length || row.sent[1] || row.announced.length;
  return row.event === 'deliver' && !does ? 'ignored' : row.event;
}

function drawEvents(diagram) {
  const group = svg('g', { class: 'events' });
  for (const stop of diagram.trace.stops) {
    const row = eventOf(stop);
    if (row?.event === 'partition' || row?.event === 'heal')
      group.append(svg('line', { x1: 0, x2: diagram.width, y1: yOf(stop.index), y2: yOf(stop.index), class: `network ${row.event}` }));
    if (row)
      drawMovers(diagram, stop, row, group);
  }
  return group;
}

function drawMovers(diagram, stop, row, group) {
  for (const node of moversOf(diagram.trace, stop)) {
    const x = diagram.columns[node];
    if (x === undefined)
      continue;
    const colour = row.received === undefined ? '' : colourOf(diagram, diagram.trace.messages[row.received]);
    const glyph = svg('g', { class: `event ${colour}` }, ...(glyphs[glyphOf(stop)]?.(x, yOf(stop.index)) ?? []));
    if (row.result !== 'step' || isBad(diagram.trace, stop))
      glyph.append(svg('circle', { cx: x, cy: yOf(stop.index), r: 11, class: 'ring' }));
    group.append(titled(glyph, row.text));
  }
}

/* ---- The current stop, and what was found ---- */

function markBand(diagram, stop, kind) {
  diagram.bands.append(svg('rect', { x: 0, y: stop * ROW, width: diagram.width, height: ROW, class: `band ${kind}` }));
}

/* found: {stops: Set, messages: Set} or null. */
function markDiagram(diagram, stop, found) {
  const { trace } = diagram;
  const flying = new Set(inFlightAt(trace, stop));
  const rows = new Set(stop.rows.map((row, index) => String(stop.row - index)));
  diagram.bands.replaceChildren();
  for (const index of found?.stops ?? [])
    markBand(diagram, index, 'found');
  markBand(diagram, stop.index, 'current');
  for (const message of trace.messages) {
    for (const arrow of diagram.arrows[message.index]) {
      const now = rows.has(String(message.sent)) || rows.has(arrow.dataset.row);
      arrow.classList.toggle('now', now);
      arrow.classList.toggle('flying', !now && flying.has(message));
      arrow.classList.toggle('found', Boolean(found?.messages.has(message.index)));
    }
  }
  diagram.root.classList.toggle('searched', Boolean(found));
}

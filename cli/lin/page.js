"use strict";
// Draws each violation: a lane per client, a bar per operation from its invocation to its return, numbers where the
// longest order puts them, red what could not be placed. Text is always set as text.

const data = JSON.parse(document.getElementById("history").textContent);
const SVG = "http://www.w3.org/2000/svg";
const COLUMN = 64, LANE = 34, LEFT = 90, TOP = 10, BAR = 22;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shape(name, attributes, text) {
  const made = document.createElementNS(SVG, name);
  for (const key in attributes) made.setAttribute(key, attributes[key]);
  if (text !== undefined) made.textContent = text;
  return made;
}

function isGood(verdict) {
  return verdict === "linearizable" || verdict === "sequentially consistent";
}

function addFile(file) {
  const row = element("tr");
  const verdict = element("td", file.verdict, isGood(file.verdict) ? "good" : file.verdict === "unknown" ? "" : "bad");
  row.append(element("td", file.file), verdict, element("td", file.operations), element("td", file.configurations),
             element("td", file.seconds.toFixed(3)));
  if (file.reason !== null) verdict.textContent += ": " + (file.line === null ? "" : "line " + file.line + ": ") + file.reason;
  document.querySelector("#files tbody").append(row);
}

// Positions of the events that are shown, evenly spaced: column by position.
function columnsOf(operations) {
  const positions = [];
  for (const operation of operations) {
    positions.push(operation.invoked);
    if (operation.returned !== null) positions.push(operation.returned);
  }
  positions.sort((a, b) => a - b);
  return new Map(positions.map((position, index) => [position, index]));
}

function linesOf(operation) {
  if (operation.open || operation.returned_line === null) return "line " + operation.invoked_line + ", open";
  return "lines " + operation.invoked_line + " and " + operation.returned_line;
}

function drawTimeline(violation, numbers) {
  const operations = violation.operations, columns = columnsOf(operations);
  // What was left out has a lane of its own: it reaches over what its client did next.
  const laneOf = (operation, index) => operation.in_play ? "left out " + index : operation.client;
  const lanes = [...new Set(operations.map(laneOf))];
  const width = LEFT + (columns.size + 1) * COLUMN, height = TOP + lanes.length * LANE + TOP;
  const svg = shape("svg", {width, height, role: "img", "aria-label": "timeline"});
  lanes.forEach((name, lane) => {
    const client = operations.find((operation, index) => laneOf(operation, index) === name).client;
    const y = TOP + lane * LANE + LANE / 2;
    svg.append(shape("line", {class: "grid", x1: LEFT - 6, x2: width, y1: y, y2: y}),
               shape("text", {class: "client", x: 8, y: y + 4}, "client " + client));
  });
  operations.forEach((operation, index) => {
    const x = LEFT + columns.get(operation.invoked) * COLUMN;
    const end = operation.returned === null ? width - 6 : LEFT + columns.get(operation.returned) * COLUMN + COLUMN - 8;
    const y = TOP + lanes.indexOf(laneOf(operation, index)) * LANE + (LANE - BAR) / 2;
    const number = numbers.get(index);
    const group = shape("g", {"data-operation": index, class: (operation.in_play ? "play " : operation.open ? "open " : "") +
                              (index === violation.stuck ? "stuck" : number ? "placed" : "")});
    group.append(shape("title", {}, operation.text + " (" + linesOf(operation) + ")"),
                 shape("rect", {x, y, width: Math.max(end - x, 8), height: BAR}));
    const room = Math.max(Math.floor((end - x - (number ? 26 : 8)) / 7.3), 3);
    const text = operation.text.length > room ? operation.text.slice(0, room - 1) + "…" : operation.text;
    group.append(shape("text", {x: x + 5, y: y + 15}, text));
    if (number) group.append(shape("text", {class: "number", x: end - 20, y: y + 15}, number));
    svg.append(group);
  });
  const box = element("div", undefined, "timeline");
  box.append(svg);
  return box;
}

function listOrder(violation, box) {
  const list = element("ol");
  for (const placed of violation.order.slice(1)) {
    const operation = violation.operations[placed.operation];
    const item = element("li", "client " + operation.client + "  " + operation.text + ": ");
    item.append(element("span", placed.state, "state"), element("span", "  " + linesOf(operation), "dim"));
    const choose = (chosen) => box.querySelector('[data-operation="' + placed.operation + '"]').classList.toggle("chosen", chosen);
    item.addEventListener("mouseenter", () => choose(true));
    item.addEventListener("mouseleave", () => choose(false));
    list.append(item);
  }
  return list;
}

function addViolation(file) {
  const violation = file.violation, section = element("section");
  const numbers = new Map(violation.order.slice(1).map((placed, index) => [placed.operation, index + 1]));
  const stuck = violation.operations[violation.stuck];
  const kept = violation.operations.filter((operation) => !operation.in_play).length;
  const box = drawTimeline(violation, numbers);
  const key = violation.key === null ? "" : ", key " + (typeof violation.key === "string" ? violation.key : JSON.stringify(violation.key));
  section.append(element("h2", file.file + key + ": " + file.verdict),
                 element("p", "Of " + violation.of_operations + " operations " + (kept === 1 ? "one cannot be explained" :
                              "these " + kept + " contradict each other") + ". Numbers: the longest order that was found. Dashed: never " +
                              "returned, or not before the return where the order ends. Dotted: was left out; it may take effect at " +
                              "any time from there on, which is of no help."),
                 box, element("p", "Initially " + violation.order[0].state + ", then:"), listOrder(violation, box));
  const last = element("p", stuck.text + " of client " + stuck.client + " (" + linesOf(stuck) + ") cannot be placed.", "bad");
  section.append(last);
  document.getElementById("violations").append(section);
}

document.getElementById("model").textContent = data.model + ", " + data.consistency;
data.files.forEach(addFile);
data.files.filter((file) => file.violation !== null).forEach(addViolation);

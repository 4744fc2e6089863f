// The chart of the last two minutes: requests and answers per second.

const SECONDS = 120;
const WIDTH = 480;
const SLOT = WIDTH / SECONDS;
/** The kinds of answers, from the bottom of the stack to its top. */
const KINDS = ["success", "rejected", "limited", "failed", "unanswered"];

export function drawTraffic(view) {
  const bySecond = new Map(view.traffic.seconds.map((second) => [second.second, second]));
  const { now } = view.traffic;
  const seconds = Array.from({ length: SECONDS }, (_, index) => bySecond.get(now - SECONDS + 1 + index));
  drawAnswers(seconds, view.limit?.per_second);
  drawLimit(view.limit);
  drawLegend(view.traffic.totals);
}

/** `limit` is the average number of requests per second that the limit allows, if there is one. */
function drawAnswers(seconds, limit) {
  const height = 110;
  const sum = (second) => KINDS.reduce((total, kind) => total + second[kind], 0);
  const most = Math.max(1, ...seconds.map((second) => (second ? Math.max(sum(second), second.requests) : 0)));
  const scale = (height - 2) / Math.max(most, limit ?? 0);
  const bars = Object.fromEntries(KINDS.map((kind) => [kind, ""]));
  let line = "";
  seconds.forEach((second, index) => {
    const x = index * SLOT;
    let y = height;
    for (const kind of second ? KINDS : []) {
      if (second[kind] > 0) {
        const size = second[kind] * scale;
        y -= size;
        bars[kind] += `M${x + 0.4} ${y}h${SLOT - 0.8}v${size}h${0.8 - SLOT}z`;
      }
    }
    const arrived = height - (second?.requests ?? 0) * scale;
    line += `${index === 0 ? "M" : "L"}${x} ${arrived}h${SLOT}`;
  });
  const chart = document.getElementById("chart");
  for (const kind of KINDS) {
    chart.querySelector(`.${kind}`).setAttribute("d", bars[kind]);
  }
  chart.querySelector(".arrived-line").setAttribute("d", line);
  chart.querySelector(".limit-line").setAttribute("d", limit ? `M0 ${height - limit * scale}h${WIDTH}` : "");
  const last = seconds[SECONDS - 2];
  document.getElementById("rate-figures").textContent = `${last ? sum(last) : 0}/s now, peak ${most}/s`;
}

function drawLimit(limit) {
  const figure = document.getElementById("limit");
  figure.hidden = !limit;
  if (limit) {
    figure.querySelector("b").textContent = limit.limit;
    figure.lastElementChild.textContent = `${limit.used} used, peak ${limit.peak}, ${limit.refused} refused`;
  }
}

function drawLegend(totals) {
  for (const kind of KINDS) {
    document.querySelector(`#legend .${kind} b`).textContent = totals[kind];
  }
  document.querySelector("#legend .arrived b").textContent = totals.requests;
}

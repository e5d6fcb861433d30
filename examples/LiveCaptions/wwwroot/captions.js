import { Microphone, Recording, Viewer } from "./_content/SpeechStream.AspNetCore/speechstream.js";

const at = id => document.getElementById(id);
const stage = at("stage"), now = at("now"), button = at("microphone");
const watched = new URLSearchParams(location.search).get("watch");
const words = {
    idle: "Ready",
    starting: "Connecting …",
    listening: "Listening",
    reconnecting: "Reconnecting. Nothing is lost",
    forgetting: "Reconnecting. Words may be lost", // the page keeps two minutes
    waiting: "Waiting for the service …", // which the server can't reach; the page keeps what is said
    stopping: "Waiting for the last words …",
    completed: "Done",
    failed: "Stopped",
};
let source = null;
let isStopped = false; // by the user, though the last words may still need a connection
let lostAt = 0; // by the clock, when the connection was lost
let isNew = false; // what was said before stays until something new is said

/** Text changes only where it has to, so that nothing flickers. */
const put = (element, text) => element.textContent !== text && (element.textContent = text);
const clock = ms => `${Math.floor(ms / 60000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;
const seconds = ms => (ms / 1000).toFixed(1);

/** Whoever has scrolled up to read goes on reading; all others see the newest words, also when the phone is turned. */
let isAtEnd = true;
const look = () => isAtEnd = stage.scrollHeight - stage.scrollTop - stage.clientHeight < 80;
const follow = () => isAtEnd && (stage.scrollTop = stage.scrollHeight);
stage.onscroll = look;
new ResizeObserver(follow).observe(stage);

function keepEnd(change) {
    look();
    if (isNew) at("captions").replaceChildren();
    isNew = false;
    change();
    follow();
}

function line(time, text, className = "line") {
    const item = Object.assign(document.createElement("p"), { className });
    item.append(Object.assign(document.createElement("time"), { textContent: time }), Object.assign(document.createElement("span"), { textContent: text, dir: "auto" }));
    at("captions").append(item);
    at("welcome").hidden = true;
}

function showInterim({ begin, text, stable }) {
    keepEnd(() => {
        at("welcome").hidden = true;
        now.hidden = text === "";
        const isSettled = text.startsWith(stable);
        put(now.querySelector("time"), clock(begin));
        put(now.querySelector(".stable"), isSettled ? stable : "");
        put(now.querySelector(".faint"), isSettled ? text.slice(stable.length) : text);
    });
}

function showFinal({ begin, text, delay }) {
    keepEnd(() => {
        now.hidden = true;
        if (text !== "") line(clock(begin), text);
    });
    if (delay !== undefined) put(at("latency-words"), `${seconds(delay)} s behind the speaker`);
}

function showState(state, problem) {
    document.body.dataset.state = state;
    put(at("state-words"), watched && state === "listening" ? "Watching" : isStopped && state === "reconnecting" ? "Getting the last words …" : words[state]);
    const isOver = state === "completed" || state === "failed";
    const isEnding = !isOver && (state === "stopping" || isStopped);
    const isOn = !isEnding && ["starting", "listening", "reconnecting"].includes(state);
    button.classList.toggle("on", isOn);
    button.setAttribute("aria-disabled", isEnding); // it keeps the focus
    put(at("microphone-words"), isOn ? "Stop" : "Start the microphone");
    at("choose").hidden = isOn || isEnding;
    at("share").hidden = !isOn || source.id === null;
    button.style.setProperty("--on", isOn ? 1 : 0);
    if (!isOn) button.style.setProperty("--level", 0);
    if (isOver && source instanceof Recording) put(at("latency-words"), "");
    if (isOver && source instanceof Viewer) {
        at("welcome").hidden = true; // no words come any more
        put(at("latency-words"), state === "completed" ? "The session is over." : "");
    }
    showProblem(problem);
}

function showProblem(problem) {
    at("problem").hidden = !problem;
    put(at("problem"), problem ?? "");
}

function run(next) {
    [source, isStopped, isNew] = [next, false, true];
    put(at("latency-words"), next instanceof Recording ? "The recording is heard in real time." : "");
    next.addEventListener("state", ({ detail }) => {
        if (detail.state === "reconnecting") lostAt = Date.now();
        showState(detail.state, detail.problem);
    });
    next.addEventListener("lost", () => {
        if (next instanceof Microphone && !isStopped && Date.now() - lostAt > 120_000) put(at("state-words"), words.forgetting);
    });
    next.addEventListener("problem", ({ detail }) => showProblem(detail.message));
    next.addEventListener("interim", ({ detail }) => showInterim(detail));
    next.addEventListener("final", ({ detail }) => showFinal(detail));
    next.addEventListener("gap", ({ detail }) => keepEnd(() => line(clock(detail.from), `(${seconds(detail.to - detail.from)} s were lost)`, "line gap")));
    next.addEventListener("skipped", () => keepEnd(() => line("", "(What was said before is no longer here.)", "line gap")));
    next.addEventListener("reconnecting", () => {
        document.body.dataset.state = "reconnecting";
        put(at("state-words"), words.waiting);
    });
    next.addEventListener("reconnected", () => showState(next.state, next.problem?.message));
    next.addEventListener("level", ({ detail }) => button.style.setProperty("--level", Math.min(1, detail.level * 6).toFixed(2)));
    next.start()?.catch?.(() => { }); // it is shown as a state
}

button.onclick = () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    if (button.classList.contains("on")) {
        isStopped = true;
        source.stop();
        showState(source.state, source.problem?.message);
    } else {
        run(new Microphone("listen"));
    }
};

at("file").onchange = ({ target }) => {
    if (target.files.length > 0) run(new Recording("listen", target.files[0]));
    target.value = "";
};

at("share").onclick = async () => {
    const link = new URL(`?watch=${source.id}`, location.href).href;
    const copying = navigator.clipboard?.writeText(link) ?? Promise.reject(); // without https there is no clipboard
    await copying.then(() => put(at("share"), "Copied"), () => prompt("The viewers’ link", link));
    setTimeout(() => put(at("share"), "Copy the viewers’ link"), 2000);
};

const takesFiles = () => !watched && !at("choose").hidden;
addEventListener("dragover", event => {
    event.preventDefault();
    document.body.classList.toggle("dragging", takesFiles());
});
addEventListener("dragleave", event => event.relatedTarget === null && document.body.classList.remove("dragging"));
addEventListener("drop", event => {
    event.preventDefault();
    document.body.classList.remove("dragging");
    const file = event.dataTransfer.files[0];
    if (file && takesFiles()) run(new Recording("listen", file));
});

if (watched) {
    document.body.dataset.role = "viewer";
    put(document.querySelector(".lead"), "Waiting for the first words.");
    put(at("hint"), "They appear here as they are spoken.");
    run(new Viewer("listen", watched));
    put(at("latency-words"), "You are reading along with somebody else.");
} else {
    showState("idle", null);
}

/** For tests and for the curious. */
globalThis.captions = { get source() { return source; } };

/** What was said is still there when the page is reloaded, until something new is said. */
const kept = `captions${location.search}`;
document.addEventListener("visibilitychange", () => sessionStorage.setItem(kept, JSON.stringify(
    [...document.querySelectorAll(".line:not([hidden])")].map(({ className, children: [time, words] }) => [time.textContent, words.textContent, className]))));
for (const said of JSON.parse(sessionStorage.getItem(kept)) ?? []) line(...said);
follow();

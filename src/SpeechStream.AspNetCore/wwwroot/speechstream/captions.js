/** A sentence for the page to show, for each thing that can be wrong. */
export const problems = {
    insecure: "The microphone works only on a secure page: open this page with https, or on localhost.",
    unsupported: "This browser lacks what live captions need. Use a current version of Chrome, Edge, Firefox or Safari.",
    denied: "The browser doesn't let this page use the microphone. Allow it next to the address, and try again.",
    missing: "There is no microphone. Connect one, and try again.",
    busy: "The microphone can't be used. Another program may have it: close that, and try again.",
    disconnected: "The microphone was disconnected.",
    unreadable: "The recording can't be read. It was moved or changed, or it is a folder: choose a file.",
    unreachable: "The server can't be reached, or doesn't let you in. Check your connection and your login.",
    gone: "There is no such session any more.",
};

/** One of them, which is thrown, or is the `problem` of an object. */
export class Problem extends Error {
    constructor(name, message = problems[name]) {
        super(message);
        this.name = name;
    }
}

/** The address of a session's server-sent events, which may be at another origin. */
export function eventsOf(url, id) {
    const address = new URL(url, document.baseURI);
    address.pathname = `${address.pathname.replace(/\/$/, "")}/${encodeURIComponent(id)}/events`;
    return address;
}

/** What a session says, each sentence once. */
export class Captions extends EventTarget {
    #state = "idle";
    #last = 0;
    problem = null;
    id = null;
    covered = 0;
    seen = 0;

    /** idle, starting, listening, reconnecting, stopping, completed or failed. */
    get state() {
        return this.#state;
    }

    get sentences() {
        return this.#last;
    }

    _to(state, problem = this.problem) {
        if (this.#state === state || this.isOver) return;
        this.problem = problem;
        this.#state = state;
        this._tell("state", { state, problem: problem?.message ?? null });
    }

    /** A session goes on: what the server couldn't do before is over. */
    _recover() {
        if (this.problem?.name === "refused") this.problem = null;
    }

    get isOver() {
        return this.#state === "completed" || this.#state === "failed";
    }

    _tell(type, detail) {
        this.dispatchEvent(new CustomEvent(type, { detail }));
    }

    /** A message of the server. Sentences that are final already are left out: another server may have heard them again. */
    _hear(message) {
        this.seen = Math.max(this.seen, message.seq ?? 0);
        switch (message.type) {
            case "interim":
                if (message.index > this.#last) this._tell("interim", message);
                break;
            case "final":
                this.covered = Math.max(this.covered, message.covered);
                if (message.index > this.#last) {
                    this.#last = message.index;
                    this._tell("final", message);
                }
                break;
            case "error":
                this.problem = new Problem("refused", message.message);
                this._tell("problem", { status: message.status, message: message.message });
                break;
            default:
                this._tell(message.type, message);
        }
    }
}

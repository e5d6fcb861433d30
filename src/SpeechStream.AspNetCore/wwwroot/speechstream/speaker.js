import { Captions, eventsOf, Problem } from "./captions.js";
import { Uplink } from "./uplink.js";

/** What sends audio. */
export class Speaker extends Captions {
    #begun = null;
    #failed = false;
    #online = () => this._uplink.hurry();
    _isEnding = false;
    _open = null;

    constructor(url, options) {
        super();
        this.url = new URL(url, document.baseURI);
        this.options = options;
    }

    _connect(query) {
        const url = new URL(this.url);
        url.protocol = url.protocol.replace("http", "ws");
        for (const [name, value] of Object.entries({ ...query, ...this.options.query })) url.searchParams.set(name, value);
        this._uplink = new Uplink(url, this);
        this._uplink.connect();
        addEventListener("online", this.#online);
    }

    /** So many milliseconds of audio are recorded by now. While a machine sleeps, the clock may go on, and the audio doesn't. */
    _reach(time) {
        this.#begun = performance.now() - time;
    }

    get elapsed() {
        return this.#begun === null ? 0 : performance.now() - this.#begun;
    }

    resume() {
        return { sentences: this.sentences, time: this.resumeTime, seen: this.seen };
    }

    onGreeting(message, isNew) {
        this.id = message.id;
        this.#failed = false;
        this._recover();
        if (isNew) this._onNewSession(message);
        this._tell("session", { id: message.id, events: eventsOf(this.url, message.id).pathname });
        this._to(this._isEnding && this.isLive ? "stopping" : "listening");
    }

    onMessage(message) {
        if (message.type === "interim") this._open = message.begin;
        if (message.type === "final") this._open = null;
        if (message.type === "final" && this.isLive) message.delay = Math.max(0, Math.round(this.elapsed - message.end));
        this._hear(message);
        if (message.type === "error") {
            // A new session goes on where this one has stopped, if that may help.
            this.#failed = !message.retry;
        } else if (message.type === "completed" && (this._isEnding || this.#failed)) {
            this.#finish("completed");
        }
    }

    onLost(attempt) {
        if (this.#failed) {
            this.#finish("failed");
        } else {
            this._to("reconnecting");
            this._tell("lost", { attempt });
        }
    }

    onFailed(problem) {
        this.problem = new Problem(problem);
        this.#finish("failed");
    }

    #finish(state) {
        removeEventListener("online", this.#online);
        this._uplink?.close();
        this._release();
        this._to(state);
    }

    _end() {
        this._isEnding = true;
        this._to("stopping");
        this._uplink.end();
        return this.finished;
    }

    /** Resolves when the last word has come, or when no more will. */
    get finished() {
        return new Promise(resolve => {
            const check = () => this.isOver && resolve(this.state === "completed");
            this.addEventListener("state", check);
            check();
        });
    }

    /** Ends it at once, without the last words. */
    abort() {
        this._uplink?.close(4001);
        this.#finish("completed");
    }
}

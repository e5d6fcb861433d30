const mostUnsent = 64 * 1024; // bytes in the browser's own queue, which can't be taken back
const silence = 8000; // ms without a message, of which the server sends one every 2 s, until the connection counts as dead
const opening = 8000; // ms for a connection to be made
const longestDelay = 5000; // ms between two attempts
const firstAttempts = 3; // without a session there is nothing to lose
const lastAttempts = 30; // when nothing more is recorded, about two minutes

/**
 * A connection that is made again and again until everything is said: the audio goes up, messages come down. It asks its owner for audio from an offset on, and the owner
 * keeps what no final result covers.
 */
export class Uplink {
    #socket = null;
    #timer = null;
    #alive = null;
    #attempts = 0;
    #isGreeted = false;
    #isOver = false;
    #isEnding = false;
    #isReading = false;
    #key = null;
    #sent = 0;

    /**
     * @param {URL} url the WebSocket's address
     * @param {object} owner read(offset), resume(), onGreeting(message, isNew), onMessage(message), onLost(attempt), onFailed(problem)
     */
    constructor(url, owner) {
        this.url = url;
        this.owner = owner;
    }

    connect() {
        if (this.#isOver) return;
        clearTimeout(this.#timer);
        const socket = this.#socket = new WebSocket(this.url);
        socket.binaryType = "arraybuffer";
        this.#isGreeted = false;
        this.#watch(opening);
        socket.onopen = () => {
            this.#watch(silence);
            socket.send(JSON.stringify(this.#key ? { type: "resume", key: this.#key, ...this.owner.resume() } : { type: "start" }));
        };
        socket.onmessage = ({ data }) => {
            this.#watch(silence);
            this.#take(JSON.parse(data));
        };
        socket.onclose = () => this.#lose(socket);
    }

    /** There is more audio. */
    pump() {
        if (this.#isReading) return;
        this.#isReading = true;
        this.#send().finally(() => this.#isReading = false);
    }

    /** There is no more audio than the owner has. */
    end() {
        this.#isEnding = true;
        this.pump();
    }

    /** Connects at once, for example because the browser says that it is online again. */
    hurry() {
        if (this.#socket === null && !this.#isOver) this.connect();
    }

    /** Ends the connection; nothing more is said. */
    close() {
        this.#isOver = true;
        clearTimeout(this.#timer);
        clearTimeout(this.#alive);
        this.#drop(1000);
    }

    /** Ends the session though much is still on its way: what was sent is taken in real time, so a connection of its own overtakes it, and displaces the one that carries it. */
    leave() {
        const isThere = this.#isGreeted && this.#socket?.readyState === WebSocket.OPEN;
        this.close();
        if (!isThere) return;
        const socket = new WebSocket(this.url);
        socket.onopen = () => {
            socket.send(JSON.stringify({ type: "resume", key: this.#key, ...this.owner.resume() }));
            socket.close(1000);
        };
    }

    async #send() {
        while (this.#isGreeted && this.#socket?.readyState === WebSocket.OPEN) {
            const socket = this.#socket;
            if (socket.bufferedAmount > mostUnsent) {
                await new Promise(resolve => setTimeout(resolve, 20));
                continue;
            }

            const at = this.#sent;
            const bytes = await this.owner.read(at);
            if (socket !== this.#socket || at !== this.#sent || socket.readyState !== WebSocket.OPEN) continue; // another connection wants something else
            if (bytes === null) {
                if (this.#isEnding) socket.send(JSON.stringify({ type: "end" }));
                return;
            }

            socket.send(bytes);
            this.#sent += bytes.byteLength;
        }
    }

    #take(message) {
        if (message.type === "session") {
            const isNew = this.#key !== null && !message.resumed;
            this.#key ??= message.key;
            this.#sent = message.received;
            this.#attempts = 0;
            this.owner.onGreeting(message, isNew);
            this.#isGreeted = true;
            this.pump();
        } else if (message.type === "reconnect") {
            this.#again(0);
        } else {
            this.owner.onMessage(message);
        }
    }

    #lose(socket) {
        if (socket === this.#socket && !this.#isOver) this.#again(Math.min(longestDelay, 250 * 2 ** this.#attempts) * (0.5 + Math.random() / 2));
    }

    #again(delay) {
        this.#drop(4000);
        clearTimeout(this.#alive);
        this.#attempts++;
        if (this.#attempts >= (this.#key === null ? firstAttempts : this.#isEnding ? lastAttempts : Infinity)) {
            this.#isOver = true;
            this.owner.onFailed("unreachable");
            return;
        }

        this.owner.onLost(this.#attempts);
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.connect(), delay);
    }

    /** A socket in a dead network closes after minutes, so it isn't waited for. */
    #drop(code) {
        const socket = this.#socket;
        this.#socket = null;
        if (socket === null) return;
        socket.onopen = socket.onmessage = socket.onclose = null;
        socket.close(code);
    }

    #watch(limit) {
        clearTimeout(this.#alive);
        const socket = this.#socket;
        this.#alive = setTimeout(() => this.#lose(socket), limit);
    }
}

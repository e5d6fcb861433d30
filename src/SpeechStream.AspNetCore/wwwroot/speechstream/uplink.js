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
    #received = 0;
    #ahead = Infinity; // bytes beyond those that were received, which the server reads at once; a server that doesn't say it isn't waited for

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

    /** Ends the connection; nothing more is said. With 4001 nothing that was said is to be heard, either. */
    close(code = 1000) {
        this.#isOver = true;
        clearTimeout(this.#timer);
        clearTimeout(this.#alive);
        this.#drop(code);
    }

    async #send() {
        while (this.#isGreeted && this.#socket?.readyState === WebSocket.OPEN && this.#room > 0) {
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

            const piece = bytes.subarray(0, this.#room);
            socket.send(piece);
            this.#sent += piece.byteLength;
        }
    }

    /** More would keep what is said after it, such as that the page has left, from being heard. */
    get #room() {
        return this.#ahead - (this.#sent - this.#received);
    }

    #take(message) {
        if (message.type === "session") {
            const isNew = this.#key !== null && !message.resumed;
            this.#key ??= message.key;
            this.#sent = this.#received = message.received;
            this.#ahead = message.ahead ?? Infinity;
            this.#attempts = 0;
            this.owner.onGreeting(message, isNew);
            this.#isGreeted = true;
            this.pump();
        } else if (message.type === "reconnect") {
            this.#again(0);
        } else {
            if (message.type === "received") this.#makeRoom(message.received);
            this.owner.onMessage(message);
        }
    }

    #makeRoom(received) {
        const isWaiting = this.#room <= 0;
        this.#received = received;
        if (isWaiting) this.pump();
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

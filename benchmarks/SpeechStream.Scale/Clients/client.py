"""A client in the manner of the vendor's Python SDK 2.0: websocket-client, and a thread that reads for each session.

python3 client.py unpaced|realtime SESSIONS AMOUNT URL: AMOUNT is frames a session, or seconds.
"""
import json
import resource
import sys
import threading
import time
import uuid

import websocket

FRAME = b"\x07" * 3200
FRAMES_PER_SECOND = 10


class Session:
    def __init__(self, url):
        self.events = 0
        self.latencies = []
        self.started = threading.Event()
        self.task = uuid.uuid4().hex
        self.socket = websocket.create_connection(url, header={"X-NLS-Token": "the-token"}, enable_multithread=True)
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.command("StartTranscription", {"format": "pcm", "sample_rate": 16000})
        self.started.wait()

    def command(self, name, payload):
        header = {"namespace": "SpeechTranscriber", "name": name, "message_id": uuid.uuid4().hex, "task_id": self.task, "appkey": "app-key"}
        self.socket.send(json.dumps({"header": header, "payload": payload}))

    def read(self):
        while True:
            event = json.loads(self.socket.recv())
            name = event["header"]["name"]
            if name == "TranscriptionStarted":
                self.started.set()
            elif name == "TranscriptionCompleted":
                return
            else:
                self.events += 1
                if "result" in event["payload"]:
                    stamp = int(event["payload"]["result"].rpartition("@")[2])
                    self.latencies.append((time.monotonic_ns() - stamp) / 1e6)

    def send(self, frames, pace, delay):
        due = time.monotonic() + delay
        for _ in range(frames):
            if pace:
                due += 1 / FRAMES_PER_SECOND
                time.sleep(max(0, due - time.monotonic()))
            self.socket.send_binary(FRAME)

    def stop(self):
        self.command("StopTranscription", {})
        self.reader.join()
        self.socket.close()


def rss():
    with open("/proc/self/status", encoding="ascii") as status:
        return 1024 * int(next(line for line in status if line.startswith("VmRSS")).split()[1])


def cpu():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def main(mode, count, amount, url):
    warm = Session(url)
    warm.send(500, False, 0)
    warm.stop()
    memory = rss()
    sessions = [Session(url) for _ in range(int(count))]
    base = rss()
    frames = int(amount) if mode == "unpaced" else int(amount) * FRAMES_PER_SECOND
    before, began = cpu(), time.monotonic()
    senders = [
        threading.Thread(target=session.send, args=(frames, mode == "realtime", index / FRAMES_PER_SECOND / len(sessions)))
        for index, session in enumerate(sessions)
    ]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    used, elapsed, run = cpu() - before, time.monotonic() - began, rss()
    latencies = sorted(latency for session in sessions for latency in session.latencies)
    print(json.dumps({
        "Cpu": used,
        "Frames": frames * len(sessions),
        "Events": sum(session.events for session in sessions),
        "Elapsed": elapsed,
        "P50": latencies[len(latencies) // 2] if latencies else 0,
        "P99": latencies[len(latencies) * 99 // 100] if latencies else 0,
        "BaseMemory": (base - memory) / len(sessions),
        "Memory": run,
    }), flush=True)
    for session in sessions:
        session.stop()


main(*sys.argv[1:])

#!/usr/bin/env python3
"""Makes the two models and the recording of this folder. Nobody runs it but who changes them: no build and no CI does.

apt-get install -y --no-install-recommends python3-torch python3-onnx python3-numpy gcin-voice sox libsox-fmt-all
python3 train.py        # some minutes of one core
"""
import os
import random
import subprocess

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

HERE = os.path.dirname(os.path.abspath(__file__))
PROMPTS = os.path.join(HERE, "../../../examples/QuickStart/ivr-prompts.wav")
SYLLABLES = {"零": "ㄌㄧㄥ2", "一": "ㄧ", "二": "ㄦ4", "三": "ㄙㄢ", "四": "ㄙ4", "五": "ㄨ3", "六": "ㄌㄧㄡ4", "七": "ㄑㄧ", "八": "ㄅㄚ", "九": "ㄐㄧㄡ3", "你": "ㄋㄧ3", "好": "ㄏㄠ3"}
DIGITS = "零一二三四五六七八九"
# From and to, in seconds, and the pieces of each prompt: "|" marks where a word has two.
SENTENCES = [
    (0.0, 3.9, "play|back of the list of people attend|ing is complete"),
    (4.5, 9.9, "press one to enter an ex|tension press two to use the direct|ory"),
    (10.9, 16.4, "press one to accept this record|ing other|wise please continue to hold"),
    (17.3, 21.9, "that is not a valid confer|ence number please try again"),
]

# The queries of the real model, as its metadata has them: the rows of its table of queries.
LANGUAGES = {"auto": 0, "zh": 3, "en": 4, "yue": 7, "ja": 11, "ko": 12, "nospeech": 13}
WITH_ITN, WITHOUT_ITN, QUERIES = 14, 15, 16
RATE, SHIFT, LENGTH, BINS, STACK, STEP = 16000, 160, 400, 80, 7, 6


def samples(path):
    raw = subprocess.run(
        ["sox", path, "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-"],
        check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return np.frombuffer(raw, dtype="<i2").astype(np.float64)


def mel_filters():
    mel = lambda hertz: 1127.0 * np.log(1.0 + hertz / 700.0)
    low, high = mel(20.0), mel(RATE / 2)
    step = (high - low) / (BINS + 1)
    at = mel(np.arange(256) * RATE / 512)
    left = low + step * np.arange(BINS)[:, None]
    return np.maximum(0, np.minimum((at - left) / step, (left + 2 * step - at) / step))


FILTERS = mel_filters()
WINDOW = 0.54 - 0.46 * np.cos(2 * np.pi * np.arange(LENGTH) / (LENGTH - 1))


def features(wave):
    count = 1 + (len(wave) - LENGTH) // SHIFT
    frames = np.stack([wave[i * SHIFT:i * SHIFT + LENGTH] for i in range(count)])
    frames = frames - frames.mean(1, keepdims=True)
    frames = frames - 0.97 * np.concatenate([frames[:, :1], frames[:, :-1]], 1)
    power = np.abs(np.fft.rfft(frames * WINDOW, 512)[:, :256]) ** 2
    mel = np.log(np.maximum(power @ FILTERS.T, np.finfo(np.float32).eps))
    at = np.arange(0, count, STEP)[:, None] + np.arange(STACK) - (STACK - 1) // 2
    return mel[at.clip(0, count - 1)].reshape(len(at), -1).astype(np.float32)


def vocabulary():
    tags = ["<|zh|>", "<|en|>", "<|yue|>", "<|ja|>", "<|ko|>", "<|nospeech|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>", "<|woitn|>"]
    pieces = []
    for _, _, text in SENTENCES:
        pieces += pieces_of(text)
    return ["<unk>", "<s>", "</s>"] + list(SYLLABLES) + sorted(set(pieces)) + list("0123456789") + tags


def pieces_of(text):
    return [("▁" if i == 0 else "") + piece for word in text.split() for i, piece in enumerate(word.split("|"))]


VOCABULARY = vocabulary()
SPOKEN = VOCABULARY.index("0")  # What the net itself tells apart; digits are added beside their numerals.


def noise(length, level):
    return np.random.randn(length) * level


def example(clips, prompts):
    """A random stretch of speech, and its pieces."""
    quiet = random.choice([0, 2, 6])
    waves, pieces = [noise(random.randrange(1600, 8000), quiet)], []
    if random.random() < 0.45:
        begin, end, text = random.choice(SENTENCES)
        wave = prompts[int(begin * RATE):int(end * RATE)]
        # Also faster and slower, so that the net learns words and not only these sentences.
        speed = random.uniform(0.95, 1.05)
        waves.append(np.interp(np.arange(0, len(wave) - 1, speed), np.arange(len(wave)), wave))
        pieces = pieces_of(text)
    else:
        for character in random.choices(list(SYLLABLES), k=random.randrange(1, 9)):
            waves += [clips[character], noise(random.randrange(400, 6000), quiet)]
            pieces.append(character)
    waves.append(noise(random.randrange(1600, 16000), quiet))
    wave = np.concatenate(waves) * 10 ** random.uniform(-0.4, 0.15)
    wave = np.rint(wave + noise(len(wave), random.choice([0, 1, 6, 40])))
    return features(np.clip(wave, -32768, 32767)), [VOCABULARY.index(piece) for piece in pieces]


class Net(torch.nn.Module):
    def __init__(self, hidden=56, width=9):
        super().__init__()
        self.inner = torch.nn.Linear(BINS * STACK, hidden)
        self.context = torch.nn.Conv1d(hidden, hidden, width, padding=width // 2)
        self.outer = torch.nn.Linear(hidden, SPOKEN)

    def forward(self, x):
        x = torch.relu(self.inner(x)).transpose(1, 2)
        return self.outer(torch.relu(self.context(x)).transpose(1, 2))


def train(clips, prompts, steps=2500, batch=12):
    print("features")
    pool = [example(clips, prompts) for _ in range(1500)]
    everything = np.concatenate([x for x, _ in pool])
    mean, deviation = everything.mean(0), everything.std(0)
    net, loss = Net(), torch.nn.CTCLoss(zero_infinity=True)
    optimizer = torch.optim.Adam(net.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 6e-3, total_steps=steps)
    for step in range(steps):
        chosen = random.choices(pool, k=batch)
        lengths = torch.tensor([len(x) for x, _ in chosen])
        x = torch.zeros(batch, int(lengths.max()), BINS * STACK)
        for i, (one, _) in enumerate(chosen):
            x[i, :len(one)] = torch.tensor((one - mean) / deviation)
        x = x + 0.15 * torch.randn_like(x)
        targets = torch.tensor([token for _, tokens in chosen for token in tokens])
        out = net(x).log_softmax(2).transpose(0, 1)
        value = loss(out, targets, lengths, torch.tensor([len(tokens) for _, tokens in chosen]))
        optimizer.zero_grad()
        value.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 5)
        optimizer.step()
        schedule.step()
        if step % 250 == 0:
            print(step, float(value), flush=True)
    return net, mean, deviation


def save(folder, nodes, constants, vocabulary, mean, deviation, doc):
    """A model with the inputs, outputs and metadata of the real one; what differs is between x and logits."""
    tag = lambda name: vocabulary.index(name)
    size = len(vocabulary)

    def rows(token_of_query):
        table = np.full((QUERIES, 1, size), -20, dtype=np.float32)
        for query in range(QUERIES):
            table[query, 0, token_of_query(query)] = 20
        return table

    languages = {number: name for name, number in LANGUAGES.items()}
    constants = dict(
        constants,
        language_rows=rows(lambda query: tag("<|zh|>") if languages.get(query, "auto") == "auto" else tag(f"<|{languages[query]}|>")),
        emotion_rows=rows(lambda query: tag("<|NEUTRAL|>")),
        event_rows=rows(lambda query: tag("<|Speech|>")),
        norm_rows=rows(lambda query: tag("<|withitn|>") if query == WITH_ITN else tag("<|woitn|>")),
    )
    nodes = nodes + [
        helper.make_node("Gather", ["language_rows", "language"], ["q0"]),
        helper.make_node("Gather", ["emotion_rows", "language"], ["q1"]),
        helper.make_node("Gather", ["event_rows", "language"], ["q2"]),
        helper.make_node("Gather", ["norm_rows", "text_norm"], ["q3"]),
        helper.make_node("Concat", ["q0", "q1", "q2", "q3", "spoken"], ["logits"], axis=1),
    ]
    graph = helper.make_graph(
        nodes, "sense_voice_fixture",
        [
            helper.make_tensor_value_info("x", TensorProto.FLOAT, ["N", "T", BINS * STACK]),
            helper.make_tensor_value_info("x_length", TensorProto.INT32, ["N"]),
            helper.make_tensor_value_info("language", TensorProto.INT32, ["N"]),
            helper.make_tensor_value_info("text_norm", TensorProto.INT32, ["N"]),
        ],
        [helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["N", "T4", size])],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in constants.items()],
        doc_string=doc,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=7, producer_name="train.py")
    numbers = lambda values: ",".join(f"{value:.6g}" for value in values)
    metadata = {
        "lfr_window_size": STACK, "lfr_window_shift": STEP, "normalize_samples": 0,
        "neg_mean": numbers(-mean), "inv_stddev": numbers(1 / deviation),
        "model_type": "sense_voice_ctc", "version": 2, "model_author": "SpeechStream contributors", "maintainer": "SpeechStream contributors",
        "vocab_size": size, "comment": doc, "url": "",
        **{f"lang_{name}": number for name, number in LANGUAGES.items()},
        "with_itn": WITH_ITN, "without_itn": WITHOUT_ITN,
    }
    helper.set_model_props(model, {key: str(value) for key, value in metadata.items()})
    onnx.checker.check_model(model)
    os.makedirs(os.path.join(HERE, folder), exist_ok=True)
    onnx.save(model, os.path.join(HERE, folder, "model.onnx"))
    with open(os.path.join(HERE, folder, "tokens.txt"), "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{token} {number}\n" for number, token in enumerate(vocabulary))


def save_words(net, mean, deviation):
    # Digits have the weights of their numerals; masks choose the one or the other, and the script that a language has.
    chosen = list(range(SPOKEN)) + [VOCABULARY.index(character) for character in DIGITS]
    tags = len(VOCABULARY) - len(chosen)
    weight, bias = net.outer.weight.detach().numpy()[chosen], net.outer.bias.detach().numpy()[chosen]
    weight = np.concatenate([weight, np.zeros((tags, weight.shape[1]), np.float32)])
    bias = np.concatenate([bias, np.full(tags, -1000, np.float32)])
    norm = np.zeros((QUERIES, 1, len(VOCABULARY)), np.float32)
    language = np.zeros_like(norm)
    for digit, character in enumerate(DIGITS):
        norm[WITH_ITN, 0, VOCABULARY.index(character)] = -1000
        norm[WITHOUT_ITN, 0, VOCABULARY.index(str(digit))] = -1000
    for number, piece in enumerate(VOCABULARY[:len(chosen)]):
        is_chinese = piece in SYLLABLES or piece.isdigit()
        for name, query in LANGUAGES.items():
            if number > 2 and (name in ("zh", "yue") and not is_chinese or name == "en" and is_chinese or name in ("ja", "ko", "nospeech")):
                language[query, 0, number] = -1000
    node = helper.make_node
    nodes = [
        node("MatMul", ["x", "w1"], ["h1"]), node("Add", ["h1", "b1"], ["h2"]), node("Relu", ["h2"], ["h3"]),
        node("Transpose", ["h3"], ["h4"], perm=[0, 2, 1]),
        node("Conv", ["h4", "w2", "b2"], ["h5"], pads=[net.context.padding[0]] * 2), node("Relu", ["h5"], ["h6"]),
        node("Transpose", ["h6"], ["h7"], perm=[0, 2, 1]),
        node("MatMul", ["h7", "w3"], ["h8"]), node("Add", ["h8", "b3"], ["h9"]),
        node("Gather", ["norm_mask", "text_norm"], ["m1"]), node("Add", ["h9", "m1"], ["h10"]),
        node("Gather", ["language_mask", "language"], ["m2"]), node("Add", ["h10", "m2"], ["spoken"]),
    ]
    constants = {
        "w1": net.inner.weight.detach().numpy().T, "b1": net.inner.bias.detach().numpy(),
        "w2": net.context.weight.detach().numpy(), "b2": net.context.bias.detach().numpy(),
        "w3": weight.T, "b3": bias, "norm_mask": norm, "language_mask": language,
    }
    save("words", nodes, constants, VOCABULARY, mean, deviation,
         "A test fixture and no recognizer: twelve syllables of gcin-voice (ChionMeilin with the vocal source from Chu Lo, CC-BY-3.0) and four prompts (Digium, Inc., CC-BY-SA-3.0)")


def save_probe(mean, deviation):
    tags = VOCABULARY[SPOKEN + 10:]
    vocabulary = ["<unk>", "<s>", "</s>"] + [f"▁{number}" for number in range(61)] + tags
    weight = np.random.default_rng(19).normal(0, 40, (BINS * STACK, len(vocabulary))).clip(-127, 127).astype(np.int8)
    weight[:, -len(tags):] = 0
    bias = np.zeros(len(vocabulary), np.float32)
    bias[-len(tags):] = -1e6
    node = helper.make_node
    nodes = [node("Cast", ["w"], ["wf"], to=TensorProto.FLOAT), node("MatMul", ["x", "wf"], ["h"]), node("Add", ["h", "b"], ["spoken"])]
    save("probe", nodes, {"w": weight, "b": bias}, vocabulary, mean, deviation,
         "A test fixture and no recognizer: random weights, so that its tokens change with the smallest change of a feature")


def save_recording(clips):
    random.seed(7)
    np.random.seed(7)
    waves = [noise(4800, 3)]
    for sentence in ("你好", "一二三四五", "九八七六零"):
        for character in sentence:
            waves += [clips[character], noise(1600, 3)]
        waves.append(noise(16000, 3))
    wave = np.concatenate(waves).clip(-32768, 32767).astype("<i2")
    path = os.path.join(HERE, "syllables.wav")
    subprocess.run(["sox", "-r", str(RATE), "-c", "1", "-b", "16", "-e", "signed", "-t", "raw", "-", path], input=wave.tobytes(), check=True)


def main():
    torch.set_num_threads(1)
    random.seed(19)
    np.random.seed(19)
    torch.manual_seed(19)
    clips = {character: samples(f"/usr/share/gcin-voice/ogg/{folder}/5.ogg") for character, folder in SYLLABLES.items()}
    net, mean, deviation = train(clips, samples(PROMPTS))
    save_words(net, mean, deviation)
    save_probe(mean, deviation)
    save_recording(clips)


if __name__ == "__main__":
    main()

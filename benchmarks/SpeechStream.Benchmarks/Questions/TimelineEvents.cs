using BenchmarkDotNet.Attributes;
using SpeechStream.Audio.Sending;
using SpeechStream.Protocol;
using SpeechStream.Session;
using SpeechStream.Session.Events;

namespace SpeechStream.Benchmarks.Questions;

/// <summary>What does it cost to turn a sentence's eight messages into the session's events, to acknowledge, and to hand them over?</summary>
[Config(typeof(BenchmarkSettings))]
public class TimelineEvents
{
    private const int Interims = 6;
    private const int SentenceBytes = 64_000;

    private static readonly TimeSpan Sentence = TimeSpan.FromSeconds(2);

    private readonly ServerMessage _message = new() { Confidence = 0.9 };
    private readonly string[] _texts = [.. Enumerable.Range(1, Interims).Select(words => string.Join(' ', Enumerable.Repeat("word", words)))];
    private readonly byte[] _chunk = new byte[SentenceBytes];
    private SessionContext _session = null!;
    private SendCursor _cursor = null!;
    private Timeline _timeline = null!;
    private TaskClock _clock = null!;
    private int _index;

    [GlobalSetup]
    public void Setup()
    {
        var client = new SpeechStreamClient(new() { AppKey = "app-key", Credential = SpeechCredential.FromToken("the-token") });
        _session = new SessionContext(client.Context, new() { SendRate = double.PositiveInfinity });
        _cursor = _session.Buffer.OpenCursor();
        _clock = new TaskClock(_session.Rate, default);
        _timeline = new Timeline("0123456789abcdef0123456789abcdef", _clock, _session.History, end => _session.Buffer.LatencyAt(end.Bytes));
    }

    /// <summary>The events alone.</summary>
    [Benchmark(Baseline = true)]
    public TranscriptionEvent Records()
    {
        TranscriptionEvent made = new SentenceBegin { Index = 1, Time = Sentence };
        foreach (var text in _texts)
        {
            made = new TranscriptionResultChanged { Index = 1, Time = made.TaskId.Length * Sentence, Text = text, StableText = new string(text.AsSpan(1)) };
        }

        return made with { } is TranscriptionResultChanged last ? new SentenceEnd { Index = 1, Text = last.Text, Time = Sentence } : made;
    }

    [Benchmark]
    public TranscriptionEvent? ApplyAndRead()
    {
        var begin = _index * Sentence;
        _index++;
        _session.Buffer.TryAppend(_chunk, out _);
        while (_cursor.Take(_chunk) is { Count: > 0 } sent)
        {
            _clock.AddAudio(new(sent.Offset), sent.Count);
        }

        Apply(ServerEvent.SentenceBegin, begin, "");
        foreach (var text in _texts)
        {
            Apply(ServerEvent.ResultChanged, begin + (Sentence / 2), text);
        }

        return Apply(ServerEvent.SentenceEnd, begin + Sentence, _texts[^1]);
    }

    private TranscriptionEvent? Apply(ServerEvent kind, TimeSpan time, string text)
    {
        (_message.Event, _message.GivenIndex, _message.GivenTime, _message.GivenResult) = (kind, _index, time, text);
        var step = _timeline.Apply(_message);
        if (step.Acknowledged is { } acknowledged)
        {
            _cursor.Acknowledge(acknowledged.Bytes);
        }

        _session.Events.Add(step.Event!);
        return _session.Events.TryRead(out var made) ? made : null;
    }
}

namespace SpeechStream.Tests.Simulation;

/// <summary>One random run: how the caller writes, what the network does, how the consumer reads. The seed decides everything.</summary>
internal sealed class Schedule
{
    private const int BytesPerSecond = 16_000;

    private readonly Random _random;
    private readonly byte[] _audio;
    private readonly bool _usesSpans;
    private readonly bool _readsSlowly;
    private readonly double _longestPause;
    private readonly TranscriptionOptions _options;
    private readonly TimeSpan _replayWindow;
    private readonly int _eventCapacity;
    private Task? _started;
    private int _faultsLeft;
    private int _quickFaults;

    public Schedule(int seed)
    {
        _random = new Random(seed);
        _audio = LossOracle.Speech(_random.Next(1, 8 * BytesPerSecond), seed);
        _usesSpans = Chance(0.4);
        _readsSlowly = Chance(0.3);
        _longestPause = Chance(0.3) ? 15 : 0.5;
        _replayWindow = TimeSpan.FromSeconds(Chance(0.3) ? _random.Next(1, 4) : 60);
        _eventCapacity = Chance(0.3) ? _random.Next(8, 12) : 256;
        _faultsLeft = _random.Next(0, 7);
        _options = new()
        {
            SampleRate = BytesPerSecond / 2,
            SendRate = Pick(1, 1, 1.5, 4, double.PositiveInfinity),
            CatchUpRate = Pick(2, 2, 0.5, 3, double.PositiveInfinity),
            SilenceAfter = Chance(0.2) ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(Pick(0.3, 1, 5)),
        };
    }

    public void Run()
    {
        using var run = new Simulated(NextFate, Configure, _options) { ReadsAll = !_readsSlowly };
        _started = Chance(0.5) ? run.Start() : null;
        Write(run);
        _started ??= run.Start();
        if (Chance(0.3))
        {
            run.Advance(_random.NextDouble() * _longestPause);
        }

        run.Session.Audio.Complete();
        for (var i = 0; i < 4000 && !run.IsOver; i++)
        {
            Pass(run, 0.1 + _random.NextDouble());
        }

        run.Thrown.Should().BeNull();
        run.IsOver.Should().BeTrue("the session comes to its end");
        _started.IsCompletedSuccessfully.Should().BeTrue();
        LossOracle.Check(run.Events, _audio, BytesPerSecond);
        CheckSummary(run);
    }

    private void Write(Simulated run)
    {
        var offset = 0;
        Task<System.IO.Pipelines.FlushResult>? flush = null;
        while (offset < _audio.Length)
        {
            if (flush is { IsCompleted: false })
            {
                _started ??= run.Start();
                Pass(run, 0.05);
                continue;
            }

            var frame = Math.Min(_audio.Length - offset, _random.Next(1, Chance(0.2) ? 20_000 : 2_000));
            if (_usesSpans)
            {
                run.Session.TryWriteAudio(_audio.AsSpan(offset, frame));
            }
            else
            {
                _audio.AsSpan(offset, frame).CopyTo(run.Session.Audio.GetSpan(frame));
                run.Session.Audio.Advance(frame);
                flush = run.Session.Audio.FlushAsync().AsTask();
            }

            offset += frame;
            Pass(run, Chance(0.1) ? _random.NextDouble() * _longestPause : frame / (double)BytesPerSecond * (0.5 + _random.NextDouble()));
        }
    }

    private void Pass(Simulated run, double seconds)
    {
        run.Advance(seconds);
        if (_readsSlowly)
        {
            run.Read(_random.Next(0, 3));
        }
    }

    private Fate NextFate()
    {
        var fate = new Fate
        {
            EventDelay = TimeSpan.FromSeconds(Chance(0.3) ? _random.NextDouble() * 3 : 0),
            StartDelay = TimeSpan.FromSeconds(Chance(0.2) ? _random.NextDouble() * 3 : 0),
        };
        if (_faultsLeft <= 0)
        {
            return fate;
        }

        _faultsLeft--;
        var kind = _random.Next(6);
        if (kind is 0 or 1)
        {
            return kind == 0 ? fate with { Refused = true } : fate with { Unanswered = true };
        }

        // Three connections in a row that die young and bring nothing are given up, as they should be: never so many here.
        if (++_quickFaults % 3 == 0)
        {
            return fate;
        }

        fate = fate with { Code = Pick<int?>(null, null, 1000, 1011, 50000000, 51040103) };
        return kind switch
        {
            2 => fate with { Events = _random.Next(1, 8) },
            3 => fate with { AtStop = true },
            _ => fate with { AudioBytes = _random.Next(0, 8 * BytesPerSecond) },
        };
    }

    private void Configure(SpeechStreamClientOptions options)
    {
        options.ReplayWindow = _replayWindow;
        options.EventCapacity = _eventCapacity;
        options.MaxReconnectAttempts = 100;
        options.ReconnectDelay = TimeSpan.FromSeconds(Pick(0, 0.25, 2));
    }

    private static void CheckSummary(Simulated run)
    {
        var summary = run.Session.Completion.Result;
        var gaps = run.Events.OfType<AudioGap>().Aggregate(TimeSpan.Zero, (sum, gap) => sum + gap.To - gap.From);
        summary.Drained.Should().BeTrue();
        summary.Error.Should().BeNull();
        summary.Sentences.Should().Be(run.Events.OfType<SentenceEnd>().Count());
        summary.Reconnects.Should().Be(run.Events.OfType<Reconnected>().Count());
        summary.AudioLost.Should().Be(gaps);
        (summary.AudioFinalized + summary.AudioLost).Should().Be(summary.AudioWritten);
        run.Service.StopTimers();
        run.Clock.ActiveTimers.Should().Be(0, "nothing is left running");
    }

    private bool Chance(double probability) => _random.NextDouble() < probability;

    private T Pick<T>(params T[] values) => values[_random.Next(values.Length)];
}
